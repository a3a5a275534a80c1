"""The two words by which a volunteer knows that a mail is no trick.

They are made at approval, shown on the volunteer's home, and stand in every notice to that volunteer. They need not be
secret from the volunteer's mail provider and are no key to anything: 64 x 64 pairs are enough to tell a copy that was
sent to many from the real thing. No word may tell what a notice is about. Pairs that were given out stay as they are.
"""

from random import Random

_FIRST = """
amber autumn azure brave breezy bright bronze calm cedar clear clever cobalt copper coral cosy crisp dappled
early easy evening fair fern fond fresh friendly gentle gladly golden green happy hazel honest indigo ivory kind
lasting light lilac little lively lucky mellow merry mild misty morning olive open peaceful pearl plain quiet
ready rosy round scarlet silver simple snowy soft spring steady summer sunny
"""

_SECOND = """
acorn anchor apple badger balloon basket beacon bell birch boat bridge brook button candle canoe chestnut cloud
clover compass cottage cricket daisy drum feather field finch garden glove harbour heron hill island kettle kite
ladder lantern lark leaf lemon linen maple meadow mitten nest orchard otter paddle pebble pillow plum pond quilt
rabbit river robin saddle sparrow spoon thimble thistle tulip valley willow window
"""

FIRST, SECOND = _FIRST.split(), _SECOND.split()


def make_two_words(chooser: Random) -> str:
    """Return two plain words, e.g. `quiet harbour`."""
    return f"{chooser.choice(FIRST)} {chooser.choice(SECOND)}"
