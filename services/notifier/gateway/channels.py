"""The gateway of the house: a message leaves by the channel that its recipient chose."""

from services.notifier.gateway.port import Gateway, Message


class Channels:
    """Sends by mail, or calls a webhook. Thread-safe as both are."""

    def __init__(self, mail: Gateway, webhooks: Gateway) -> None:
        """Send what has a call through `webhooks`, everything else through `mail`."""
        self._mail = mail
        self._webhooks = webhooks

    def send(self, message: Message) -> None:
        """Hand `message` over; see the port for how it can end."""
        gateway = self._mail if message.call is None else self._webhooks
        gateway.send(message)
