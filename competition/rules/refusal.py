"""The one Refusal: a rule says no, with the sentence the person will read."""


class Refusal(Exception):
    """Why something was not done, in both languages.

    A sentence says what happened, what was not changed and what to do next. It never quotes
    another person's data. One place turns it into 409 or into an exit code; `status` is the HTTP
    status for the few that are not conflicts (403, 404, 413, 429).
    """

    def __init__(self, zh: str, en: str, *, status: int = 409) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en
        self.status = status

    def sentence(self, language: str) -> str:
        """The sentence in `language` ("zh" or "en")."""
        return self.en if language == "en" else self.zh

    def as_dict(self) -> dict[str, str]:
        """Both sentences, for JSON answers."""
        return {"zh": self.zh, "en": self.en}
