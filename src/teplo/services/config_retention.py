"""How long what people said is kept."""

from typing import Annotated

from pydantic import Field

from .texts import Strict

Days = Annotated[int, Field(ge=1, le=36_500)] | None


class RetentionBody(Strict):
    """Days after which data are deleted for good; null keeps them for ever.

    `recordings`: sound of calls. `texts`: messages, files, private notes, words beside grades, the name and number said
    in a chat. `numbers`: who called. `audit`: who looked at what. Facts and figures have no personal data and stay.
    """

    recordings: Days = 180
    texts: Days = 365
    numbers: Days = 1095
    audit: Days = 1095
