"""People meet when two sides write of the same one, however they write, and seldom when they write of two."""

import pytest
from anyascii import anyascii
from hypothesis import given, settings
from hypothesis import strategies as st

from services.intake.domain.affiliations import Register
from services.intake.domain.people.marks import MOST_MARKS, People, meets, names_somebody
from services.intake.domain.people.sounds import letters_of
from services.intake.domain.people.words import BEFORE_WORKPLACES, NEVER_NAMES, PARTICLES

PEOPLE = People("GB")

SAME = """
Dr Anna Beispiel | Anna Beispiel
Prof. Dr. med. Anna Beispiel | Anna Beispiel
PD Dr. med. A. Beispiel | Anna Beispiel
Anna Beispiel, RN, BSc (Hons) | Anna Beispiel
Anna Beispiel MD PhD FRCP | Anna Beispiel
Anna Beispiel (she/her) | Anna Beispiel
Anna Beispiel, they/them | Anna Beispiel
my boss Anna Beispiel | Anna Beispiel
Anna Beispiel, consultant | Anna Beispiel
Dr Beispiel from ICU | Anna Beispiel
Dr. Beispiel, Neurology | Anna Beispiel
Dr. Beispiel von der Intensivstation | Anna Beispiel
Sister Beispiel, Ward 5 | Anna Beispiel
Beispiel | Anna Beispiel
Anna | Anna Beispiel
Beispiel, Anna | Anna Beispiel
BEISPIEL Anna | Anna Beispiel
Beispiel A | Anna Beispiel
A. Beispiel | Anna Beispiel
Anna Beispiel | A. Beispiel
Anna Beispiel | Beispiel
Anna Maria Beispiel | Anna Beispiel
Anna Beispiel-Muster | Anna Beispiel
Anna Beispiel (née Muster) | Anna Muster
John Smith Jr. | John Smith III
Anna Mueller | Anna Müller
Anna Muller | Anna Müller
Uwe Straßer | Uwe Strasser
Øystein Ås | Oystein Aas
Đorđević Ana | Ana Djordjevic
Łukasz Nowak | Lukasz Nowak
Иванов Иван | Ivan Ivanov
И. Иванов | Ivan Iwanow
Παπαδόπουλος Γιώργος | Giorgos Papadopoulos
李小明 | Li Xiaoming
李小明 | Xiao-Ming LI
李小明医生 | Li Xiaoming
محمد أحمد | Mohammed Ahmed
Mohamed El Hassan | Muhammad Al-Hassan
Abdul Rahman Khan | Abdulrahman Khan
Ludwig Vanderberg | Ludwig van der Berg
van der Berg | Ludwig van der Berg
OBrien | Mary O'Brien
O Brien | Mary O’Brien
D'Souza | Maria De Souza
John Mac Donald | John McDonald
Gabriel Márquez | Gabriel García Márquez
García | Gabriel García Márquez
Dra. María José Nuñez | Maria Jose Nunez
Yo-Yo Ma | Yo Yo Ma
Sir Paul Nurse | Paul Nurse
P. Nurse | Paul Nurse
Dr Head | Anna Head
Li Na | Na Li
Katherine Smith | Catherine Smith
Stephen Schmidt | Steven Schmitt
Hans Meier | Hans Mayr
Faisal Ahmad | Faisal Ahmed
Чайковский Пётр | Pyotr Tchaikovsky
Bob Smith | Robert Smith
Univ.-Prof. Dr. A. Beispiel | Anna Beispiel
Frau OÄ Beispiel | Anna Beispiel
Anna Beispiel, MB ChB, MRCP(UK) | Anna Beispiel
A Beispiel, ST5 | Anna Beispiel
Beispiel AB | Anna Beispiel
anybody with the surname Beispiel | Anna Beispiel
mi jefa, la Dra. Beispiel | Anna Beispiel
Frau Dr. Beispiel-Muster | Anna Beispiel
Anna from HR | Anna Beispiel
anna beispiel 🙂 | Anna Beispiel
Beispiel is my boss and bullies me | Anna Beispiel
Dr Muster, Dr Beispiel | Anna Beispiel
Muster & Beispiel | Anna Beispiel
Dr Beispiel (née Muster) | Anna Muster
Dr Beispiel (née Muster) | Anna Beispiel
Anna 'Annie' Beispiel | Anna Beispiel
@annabeispiel | Anna Beispiel
annabeispiel84 | Anna Beispiel
https://www.example.com/in/anna-beispiel | Anna Beispiel
\N{CYRILLIC CAPITAL LETTER A}nna \N{CYRILLIC CAPITAL LETTER VE}eispiel | Anna Beispiel
Юлия Жукова | Iuliia Schukowa
Олександр Ковальчук | Alexander Kovalchuk
Đặng Thị Hồng Nhung | Dang Thi Hong Nhung
أحمد الحسن | Ahmed Al-Hassan
عبد الرحمن خالد | Abdulrahman Khalid
שרה כהן | Sarah Cohen
अनिल शर्मा | Anil Sharma
김민준 | Kim Minjun
S. Ramasamy s/o Krishnan | Ramasamy Krishnan
Ian St. John | Ian Saint John
Jürgen Weiß | Juergen Weis
Kelley Reid | Kelly Reid
Greg Smith | Gregory Smith
Sasha Petrova | Александра Петрова
Wei-Na Zhao | Weina Zhao
Stelios Piperidis | Stelios Piperdis
Ed Hovy | Eduard Hovy
Ａｎｎａ Ｂｅｉｓｐｉｅｌ | Anna Beispiel
Anna Beispiel <anna@example.org> | Anna Beispiel
Anna Beispiel <anna@example.org> | ANNA@example.org.
anna.beispiel@example.org | Anna Beispiel
annabeispiel84@example.org | Anna Beispiel
anna+peer@gmail.com | a.nna@googlemail.com
anna at example dot org | anna@example.org
“anna@example.org” | anna@example.org
https://wa.me/447700900123 | 07700 900123
anna [at] bücher [dot] example | anna@xn--bcher-kva.example
anna@straße.example | anna@xn--strae-oqa.example
07700 900123 | +44 7700 900123
0044 (0)7700 900-123 | 07700900123
+44 (0) 7700-900-123 ext 5 | 07700900123
٠٧٧٠٠٩٠٠١٢٣ | 07700900123
0170/123 45 67 | +49 170 1234567
Dr Beispiel, tel. 07700 900123 | +447700900123
王 | 王
... | ...
"""

OTHERS = """
Anna Beispiel | Berta Beispiel
Anna Beispiel | Anna Muster
Dr Anna Beispiel | Dr Anna Muster
Anna Müller | Anne Müller
Anna Müller | Anna Miller
Anna Beispiel | Andreas Beispiel
A. Beispiel | Berta Beispiel
Anna Beispiel, consultant | Bob Muster, consultant
Jan van der Berg | Piet van der Meer
Li Wei | Li Na
Anna Hansen | Anna Jansen
Maria Schmidt | Marie Schmidt
John Smith | Jane Smith
王 | 李
... | !!!
my boss | my mother
anna@example.org | anna@example.com
anna@example.org | Anna Beispiel
reception1@example.org | reception2@example.net
Volunteer1 Number1 | Volunteer2 Number2
+49 170 1234567 | +49 170 1234568
"""


def pairs(table: str) -> list[tuple[str, ...]]:
    """Return the rows of a table as pairs."""
    return [tuple(each.strip() for each in row.split("|")) for row in table.strip().splitlines()]


@pytest.mark.parametrize(("one", "other"), pairs(SAME))
def test_one_person_is_known_by_what_two_people_write_of_them(one: str, other: str) -> None:
    assert meets(PEOPLE, one, other)
    assert PEOPLE.avoided_by_volunteer([one]) & PEOPLE.of_person([other])


@pytest.mark.parametrize(("one", "other"), pairs(OTHERS))
def test_two_people_are_told_apart(one: str, other: str) -> None:
    assert not meets(PEOPLE, one, other)


@pytest.mark.parametrize(
    ("country", "national"), [("HU", "06 1 234 5678"), ("LT", "8 612 34567"), ("US", "1-212-555-0123")]
)
def test_a_number_without_its_country_is_of_the_country_of_the_programme(country: str, national: str) -> None:
    international = {"HU": "+36 1 234 5678", "LT": "+370 612 34567", "US": "+1 (212) 555 0123"}[country]
    assert meets(People(country), national, international)


def test_nobody_is_matched_with_themselves_by_an_address_or_a_number_or_their_whole_name() -> None:
    volunteer = PEOPLE.of_volunteer(["Anna Beispiel", "anna.b@gmail.com", "+44 7700 900123"])
    for said in ("annab+x@googlemail.com", "07700900123", "anna_beispiel@example.org", "Signal: Anna Beispiel"):
        assert PEOPLE.of_person([said]) & volunteer
    for said in ("Anna", "anna@example.org", "A. Beispiel", "Anna Muster", "07700900124"):
        assert not PEOPLE.of_person([said]) & volunteer


@pytest.mark.parametrize(
    "text", ["my boss", "mein Chef", "the consultant on ward 5", "anyone from ICU", "Dr", "...", "A.B."]
)
def test_what_names_nobody_is_told(text: str) -> None:
    assert not names_somebody(text)


@pytest.mark.parametrize(
    "text", ["Beispiel", "Dr Head", "Anna", "王", "07700 900123", "anna@example.org", "In Sung Kim"]
)
def test_a_name_an_address_or_a_number_names_somebody(text: str) -> None:
    assert names_somebody(text)


LETTERS = st.characters(categories=("Lu", "Ll", "Lo"))
NO_NAMES = NEVER_NAMES | BEFORE_WORKPLACES | PARTICLES


def is_a_name(text: str) -> bool:
    """Tell whether the rules know of nothing else that a word might be."""
    return letters_of(text) not in NO_NAMES


NAMES = st.text(LETTERS, min_size=4, max_size=9).filter(is_a_name)


@settings(max_examples=25)
@given(
    NAMES, NAMES, st.sampled_from(["Dr {}", "Prof. Dr. {}", "{} MD, PhD", "{} (she/her)", "my boss {}", "{} from ICU"])
)
def test_what_stands_around_a_name_changes_nothing(given_name: str, family: str, around: str) -> None:
    assert meets(PEOPLE, around.format(f"{given_name} {family}"), f"{family}, {given_name}")


ACCENTED = st.text(st.sampled_from("abdegiklmnoprstuäéîñøšžłçăő"), min_size=4, max_size=9).filter(is_a_name)


@settings(max_examples=25)
@given(ACCENTED, ACCENTED)
def test_signs_on_letters_change_nothing(given_name: str, family: str) -> None:
    assert meets(PEOPLE, anyascii(f"{given_name} {family}").upper(), f"{given_name} {family}")


@settings(max_examples=25)
@given(
    ACCENTED.map(str.title), ACCENTED.map(str.title), st.sampled_from(["{}. {}", "Dr {} {}", "{1}, {0}.", "{1} {0}"])
)
def test_an_initial_stands_for_a_name_and_a_family_name_for_all_who_bear_it(
    given_name: str, family: str, written: str
) -> None:
    assert meets(PEOPLE, written.format(given_name[0], family), f"{given_name} {family}")
    assert meets(PEOPLE, f"Dr {family}", f"{given_name} {family}")


def test_marks_made_for_another_country_are_of_another_version() -> None:
    assert Register((), (), "GB").version() != Register((), (), "IE").version()


@settings(max_examples=25)
@given(st.text(st.characters(exclude_categories=())))
def test_any_text_meets_itself_by_a_bounded_number_of_marks(text: str) -> None:
    assert meets(PEOPLE, text, text)
    assert 1 <= len(PEOPLE.of_volunteer([text])) <= MOST_MARKS


@settings(max_examples=25)
@given(st.from_regex(r"[a-z]{1,9}[0-9]{0,3}", fullmatch=True), st.text(LETTERS, max_size=9), st.data())
def test_a_tag_dots_and_case_make_no_other_mailbox(local: str, tag: str, data: st.DataObject) -> None:
    dotted = "".join(data.draw(st.sampled_from((each, each.upper(), f"{each}."))) for each in local).rstrip(".")
    assert meets(PEOPLE, f"{dotted}+{tag}@Gmail.com", f"{local}@googlemail.com")


@settings(max_examples=25)
@given(st.integers(1_000_000, 9_999_999), st.sampled_from(["+44 20 7{}", "0044 (0)20/7{}", "(020) 7{}", "02 07-{}"]))
def test_a_number_is_the_same_in_every_format(digits: int, written: str) -> None:
    assert meets(PEOPLE, written.format(f"{str(digits)[:3]} {str(digits)[3:]}"), f"+44207{digits}")
