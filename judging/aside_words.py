"""Why a post was set aside, as the chief judge reads it: the sentence that the post was answered
with speaks to the judge who gave it ("You have voted …", "Reload the page")."""

from collections.abc import Mapping

from judging import admission

_SAID = {
    admission.LOCKED: (
        "评分锁定之后才收到。",
        "It came after the marks of the skill were locked.",
    ),
    admission.SIGNED: (
        "评分表签字之后才收到。要让裁判更改，请先写明理由退回这张评分表。",
        "It came after the sheet was signed. For the judge to change it, send the sheet back with a"
        " reason first.",
    ),
    admission.UNPAIRED: (
        "来自已解除配对的平板。裁判可在已配对的平板上再评一次。",
        "It came from a tablet that was unpaired. The judge can mark it again on a paired one.",
    ),
    admission.NOT_ON_PANEL: (
        "评分的人不在该赛项的裁判组中。",
        "Who gave it is not on the panel of the skill.",
    ),
    admission.NOT_ON_TEAM: (
        "这张评分表由另一组裁判评。",
        "Another team marks this sheet.",
    ),
    admission.STANDS_ASIDE: (  # neither why nor whose work it is (decisions 1)
        "这位裁判不评这件作品，由其他裁判评。",
        "This judge does not mark this work; a fellow judge does.",
    ),
    admission.NO_SUCH_WORK: (
        "该赛项没有这个编号。",
        "This skill has no work with that code.",
    ),
    admission.NO_SUCH_ASPECT: (
        "现行评分表中没有这个评分点。",
        "The scheme that counts has no such aspect.",
    ),
    admission.OUT_OF_RANGE: (
        "分值超出这个评分点允许的范围。",
        "The value is outside what this aspect allows.",
    ),
    admission.NO_REASON: (
        "裁判推翻自动判定或重新打分，但没有写理由。",
        "The judge overruled the machine or voted again, and gave no reason.",
    ),
    admission.VOTE_CLOSED: (
        "这一轮打分揭示之后才收到。",
        "It came after the votes of its round were released.",
    ),
    admission.VOTED_ELSEWHERE: (
        "这位裁判已在另一台平板上打过分，这台平板当时没有显示。裁判看过现在的打分后再打一次，才会更改。",
        "The judge had voted on another tablet, and this one did not show it. The vote changes only"
        " when the judge looks at it as it stands and votes again.",
    ),
    admission.SHEET_INCOMPLETE: (
        "复核时评分表还没有评完或有分歧。",
        "The sheet was not complete or had a difference when it was confirmed.",
    ),
    admission.OWN_SHEET: (
        "裁判复核了自己录入的评分表；须由另一位裁判复核。",
        "The judge confirmed a sheet that they had entered; another judge must.",
    ),
    admission.SHEET_MOVED: (
        "裁判复核时看到的不是最新的评分表，须再核对一次。",
        "The sheet had changed since the judge looked at it; it has to be checked again.",
    ),
}
_BY_SENTENCE = {says().en: words for says, words in _SAID.items()}


def for_chief(told: Mapping[str, str] | None) -> dict[str, str]:
    """In both languages. What has no words of its own, such as what a measured value may be, keeps
    the judge's, without what becomes of the post."""
    said = told or {}
    zh, en = said.get("zh", ""), said.get("en", "")
    zh, en = _BY_SENTENCE.get(
        en, (zh.replace(admission.KEPT_ZH, ""), en.replace(admission.KEPT_EN, "").strip())
    )
    return {"zh": zh, "en": en}
