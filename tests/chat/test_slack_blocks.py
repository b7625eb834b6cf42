"""A message as Block Kit: what is shown, how it degrades, what Slack would say of it."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot
from slack_sdk.models.blocks import Block

from bot.chat.slack import blocks as kit
from bot.chat.slack import splitting
from bot.model import (
    Bullets,
    Button,
    Collapsed,
    Group,
    Heading,
    Message,
    Note,
    Paragraph,
    Run,
    Table,
)
from tests.chat.messages import digest, note, story, words
from tests.servers.slack_blocks import judge
from tests.servers.slack_world import buttons, visible

BEST, SIMPLE, EXPANDED, PLAIN = kit.LADDER
ROW = (
    Button(label="💬 質問 · Ask", verb="ask", value="d3f9"),
    Button(label="📰 Source", url="https://news.example/1"),
)


def of(*blocks: Any, **more: Any) -> Message:
    return Message(summary="s", blocks=blocks, **more)


def built(message: Message, means: kit.Means = BEST) -> list[kit.Json]:
    """The blocks of a message, once Slack and the SDK have nothing to say against them."""
    made = kit.build(message, means)
    assert judge(made) == ("", [])
    for block in Block.parse_all(made):
        block.validate_json()
    return made


def nodes(tree: Any) -> Iterator[dict[str, Any]]:
    if isinstance(tree, dict):
        yield tree
        tree = list(tree.values())
    if isinstance(tree, list):
        for child in tree:
            yield from nodes(child)


def test_a_story_looks_like_this() -> None:
    made = built(of(Heading(runs=words("📰 ニュース · News")), story(1), actions=(ROW,)))
    assert made == snapshot(
        [
            {
                "type": "header",
                "text": {"type": "plain_text", "text": "📰 ニュース · News", "emoji": False},
            },
            {
                "type": "rich_text",
                "elements": [
                    {
                        "type": "rich_text_section",
                        "elements": [
                            {
                                "type": "text",
                                "text": "1. Apple、AFM を TPU で訓練",
                                "style": {"bold": True},
                            },
                            {"type": "text", "text": "\n"},
                            {
                                "type": "text",
                                "text": "Apple trained AFM on TPUs",
                                "style": {"italic": True},
                            },
                        ],
                    },
                    {
                        "type": "rich_text_list",
                        "style": "bullet",
                        "indent": 0,
                        "elements": [
                            {
                                "type": "rich_text_section",
                                "elements": [
                                    {"type": "text", "text": "サーバー版は TPUv4 "},
                                    {"type": "text", "text": "8,192 基", "style": {"bold": True}},
                                    {"type": "text", "text": "で訓練"},
                                ],
                            }
                        ],
                    },
                ],
            },
            {
                "type": "container",
                "title": {"type": "plain_text", "text": "🇬🇧 English", "emoji": False},
                "is_collapsible": True,
                "default_collapsed": True,
                "child_blocks": [
                    {
                        "type": "rich_text",
                        "elements": [
                            {
                                "type": "rich_text_list",
                                "style": "bullet",
                                "indent": 0,
                                "elements": [
                                    {
                                        "type": "rich_text_section",
                                        "elements": [
                                            {
                                                "type": "text",
                                                "text": "Trained on 8,192 TPUv4 chips (1)",
                                            }
                                        ],
                                    }
                                ],
                            }
                        ],
                    }
                ],
            },
            {
                "type": "rich_text",
                "elements": [
                    {
                        "type": "rich_text_section",
                        "elements": [
                            {"type": "text", "text": "📊 数字 · Figures", "style": {"bold": True}}
                        ],
                    }
                ],
            },
            {
                "type": "table",
                "column_settings": [{"is_wrapped": True}, {"align": "right"}, {"align": "right"}],
                "rows": [
                    [
                        {"type": "raw_text", "text": "項目 · Item"},
                        {"type": "raw_text", "text": "日本語"},
                        {"type": "raw_text", "text": "English"},
                    ],
                    [
                        {"type": "raw_text", "text": "TPUv4"},
                        {"type": "raw_text", "text": "8,192 基"},
                        {"type": "raw_text", "text": "8,192 chips"},
                    ],
                    [
                        {"type": "raw_text", "text": "論文"},
                        {"type": "raw_text", "text": "47 ページ"},
                        {"type": "raw_text", "text": "47 pages"},
                    ],
                ],
            },
            {
                "type": "rich_text",
                "elements": [
                    {
                        "type": "rich_text_quote",
                        "elements": [
                            {"type": "text", "text": "⚠️ "},
                            {"type": "text", "text": "記事内で桁が矛盾: 6.3兆 ≠ 6,300億"},
                        ],
                    },
                    {
                        "type": "rich_text_section",
                        "elements": [
                            {"type": "link", "url": "https://a.example/1?a=1&b", "text": "Source"}
                        ],
                    },
                ],
            },
            {
                "type": "actions",
                "elements": [
                    {
                        "type": "button",
                        "action_id": "ask:0.0",
                        "text": {"type": "plain_text", "text": "💬 質問 · Ask", "emoji": False},
                        "value": "d3f9",
                    },
                    {
                        "type": "button",
                        "action_id": ":0.1",
                        "text": {"type": "plain_text", "text": "📰 Source", "emoji": False},
                        "url": "https://news.example/1",
                    },
                ],
            },
        ]
    )


def test_the_same_story_for_a_slack_that_knows_neither_containers_nor_tables() -> None:
    assert built(of(story(1)), PLAIN) == snapshot(
        [
            {
                "type": "rich_text",
                "elements": [
                    {
                        "type": "rich_text_section",
                        "elements": [
                            {
                                "type": "text",
                                "text": "1. Apple、AFM を TPU で訓練",
                                "style": {"bold": True},
                            },
                            {"type": "text", "text": "\n"},
                            {
                                "type": "text",
                                "text": "Apple trained AFM on TPUs",
                                "style": {"italic": True},
                            },
                        ],
                    },
                    {
                        "type": "rich_text_list",
                        "style": "bullet",
                        "indent": 0,
                        "elements": [
                            {
                                "type": "rich_text_section",
                                "elements": [
                                    {"type": "text", "text": "サーバー版は TPUv4 "},
                                    {"type": "text", "text": "8,192 基", "style": {"bold": True}},
                                    {"type": "text", "text": "で訓練"},
                                ],
                            }
                        ],
                    },
                ],
            },
            {
                "type": "rich_text",
                "elements": [
                    {
                        "type": "rich_text_section",
                        "elements": [
                            {"type": "text", "text": "🇬🇧 English", "style": {"bold": True}}
                        ],
                    },
                    {
                        "type": "rich_text_list",
                        "style": "bullet",
                        "indent": 0,
                        "elements": [
                            {
                                "type": "rich_text_section",
                                "elements": [
                                    {"type": "text", "text": "Trained on 8,192 TPUv4 chips (1)"}
                                ],
                            }
                        ],
                    },
                ],
            },
            {
                "type": "rich_text",
                "elements": [
                    {
                        "type": "rich_text_section",
                        "elements": [
                            {"type": "text", "text": "📊 数字 · Figures", "style": {"bold": True}}
                        ],
                    }
                ],
            },
            {
                "type": "section",
                "fields": [
                    {"type": "plain_text", "text": "TPUv4", "emoji": False},
                    {"type": "plain_text", "text": "8,192 基 · 8,192 chips", "emoji": False},
                    {"type": "plain_text", "text": "論文", "emoji": False},
                    {"type": "plain_text", "text": "47 ページ · 47 pages", "emoji": False},
                ],
            },
            {
                "type": "rich_text",
                "elements": [
                    {
                        "type": "rich_text_quote",
                        "elements": [
                            {"type": "text", "text": "⚠️ "},
                            {"type": "text", "text": "記事内で桁が矛盾: 6.3兆 ≠ 6,300億"},
                        ],
                    },
                    {
                        "type": "rich_text_section",
                        "elements": [
                            {"type": "link", "url": "https://a.example/1?a=1&b", "text": "Source"}
                        ],
                    },
                ],
            },
        ]
    )


@pytest.mark.parametrize("means", kit.LADDER)
def test_every_rung_shows_every_word(means: kit.Means) -> None:
    shown = visible(built(of(story(1)), means))
    for text in ("8,192 基", "Trained on 8,192 TPUv4 chips (1)", "47 pages", "6,300億", "Source"):
        assert text in shown


def test_bold_beside_cjk_is_a_style_and_no_asterisk() -> None:
    made = built(of(Bullets(items=((Run(text="約"), Run(text="30 億", bold=True)),))))
    assert {"type": "text", "text": "30 億", "style": {"bold": True}} in nodes(made)
    assert "*" not in json.dumps(made, ensure_ascii=False)


def test_article_text_is_never_mrkdwn() -> None:
    for means in kit.LADDER:
        assert all(node.get("type") != "mrkdwn" for node in nodes(kit.build(digest(3), means)))


@pytest.mark.parametrize("text", ["<!channel> <@U1> & *x*", ":tada: `y` @here", "a_b_c ~d~"])
def test_text_that_looks_like_markup_is_shown_as_it_is(text: str) -> None:
    made = built(of(Heading(runs=words(text)), Paragraph(runs=words(text))))
    assert [node["text"] for node in nodes(made) if isinstance(node.get("text"), str)] == [text] * 2
    assert all(node.get("emoji") in (None, False) for node in nodes(made))


def test_a_summary_mentions_nobody() -> None:
    assert kit.escape("<!channel> R&D <@U1>") == "&lt;!channel&gt; R&amp;D &lt;@U1&gt;"


def test_only_web_addresses_become_links() -> None:
    bad = ("javascript:alert(1)", "mailto:a@b.example", "https://x.example/" + "a" * kit.URL)
    runs = [Run(text=f"{n}", href=href) for n, href in enumerate(("https://a.example/", *bad))]
    (section,) = [n for n in nodes(built(of(Paragraph(runs=tuple(runs))))) if "elements" in n][1:]
    assert [part["type"] for part in section["elements"]] == ["link", "text", "text", "text"]


def test_a_long_heading_or_one_with_a_link_is_bold_text() -> None:
    for heading in (
        Heading(runs=words("長" * (kit.HEADER + 1))),
        Heading(runs=(Run(text="a", href="https://a.example"),)),
        Heading(runs=words("small"), level=2),
    ):
        (made,) = built(of(heading))
        assert made["type"] == "rich_text"
    assert built(of(Heading(runs=words("長" * kit.HEADER))))[0]["type"] == "header"


def test_a_message_of_nothing_shows_its_summary() -> None:
    assert visible(built(of(Paragraph(runs=()), Bullets(items=((),))))) == "s"
    assert visible(built(of(Paragraph(runs=(Run(text=""), Run(text="a")))))) == "a"
    assert visible(built(Message(summary="", blocks=()))) == "…"


def test_two_paragraphs_are_two_lines() -> None:
    (made,) = built(of(Paragraph(runs=words("a")), Paragraph(runs=()), Paragraph(runs=words("b"))))
    (section,) = made["elements"]
    assert [part["text"] for part in section["elements"]] == ["a", "\n", "b"]


def test_a_quotation_is_a_quote_and_a_footer_is_not() -> None:
    made = built(of(Note(kind="quote", runs=words("q")), Note(kind="footer", runs=words("f"))))
    kinds = [element["type"] for element in made[0]["elements"]]
    assert kinds == ["rich_text_quote", "rich_text_section"]


# --- tables ------------------------------------------------------------------------------------


def table(rows: int = 2, columns: int = 3, cell: str = "x") -> Table:
    return Table(
        caption="",
        header=tuple(f"h{x}" for x in range(columns)),
        rows=tuple(tuple(f"{cell}{y}.{x}" for x in range(columns)) for y in range(rows)),
    )


def kinds(made: list[kit.Json]) -> set[str]:
    return {block["type"] for block in made}


def test_one_table_is_a_table_and_several_are_fields() -> None:
    assert kinds(built(of(table()))) == {"table"}
    assert kinds(built(of(Group(blocks=(table(),)), table()))) == {"section"}
    assert kinds(built(of(table()), EXPANDED)) == {"table"}
    assert kinds(built(of(table()), PLAIN)) == {"section"}


@pytest.mark.parametrize("big", [table(100), table(2, 21), table(50, 4, "長" * 60)])
def test_a_table_beyond_the_limits_is_shown_as_fields(big: Table) -> None:
    assert kinds(kit.build(of(big), BEST)) == {"section"}


def test_an_empty_cell_is_a_blank_since_slack_refuses_an_empty_one() -> None:
    odd = Table(caption="", header=("", "b"), rows=(("r", ""),))
    assert [cell["text"] for row in built(of(odd))[0]["rows"] for cell in row] == [
        " ",
        "b",
        "r",
        " ",
    ]
    assert [f["text"] for f in built(of(odd), PLAIN)[0]["fields"]] == ["r", " "]


def test_equal_cells_of_a_row_are_one_field() -> None:
    same = Table(caption="c", header=("", "ja", "en"), rows=(("TPU", "8,192", "8,192"),))
    caption, fields = built(of(same), PLAIN)
    assert visible([caption]) == "c"
    assert [f["text"] for f in fields["fields"]] == ["TPU", "8,192"]


# --- what is collapsed -------------------------------------------------------------------------


def test_a_container_of_plain_sections_says_the_same() -> None:
    inside = (
        Heading(runs=words("H"), level=2),
        Bullets(items=(words("b"),)),
        Table(caption="c", header=("", "v"), rows=(("r", "1"),)),
        Note(kind="warning", runs=words("w")),
        Note(kind="footer", runs=(Run(text="Source", href="https://a.example"),)),
    )
    (made,) = built(of(Collapsed(title="t", blocks=inside)), SIMPLE)
    assert made["child_blocks"][0]["text"]["text"] == (
        "H\n• b\nc\n• r: 1\n⚠️ w\nSource (https://a.example)"
    )


def test_too_much_for_a_container_is_shown_open() -> None:
    many = Collapsed(title="t", blocks=tuple(table(1) for _ in range(11)))
    made = built(of(many))
    assert "container" not in kinds(made)
    assert visible(made).startswith("t ")


def test_an_empty_collapsed_block_is_its_title() -> None:
    assert visible(built(of(Collapsed(title="t", blocks=())))) == "t"


# --- buttons -----------------------------------------------------------------------------------


def test_action_ids_are_unique_and_give_the_verb_back() -> None:
    rows = ((ROW[0], ROW[0]), tuple(Button(label=str(n), verb="story") for n in range(30)))
    made = built(of(Paragraph(runs=words("x")), actions=rows))
    names = [button["action_id"] for button in buttons(made)]
    assert len(set(names)) == len(names) == 32
    assert {name.rpartition(":")[0] for name in names} == {"ask", "story"}


def test_a_long_label_is_cut() -> None:
    (button,) = buttons(built(of(actions=((Button(label="長" * 100, verb="v"),),))))
    assert button["text"]["text"] == "長" * (kit.LABEL - 1) + "…"


# --- long texts and parts ----------------------------------------------------------------------


def test_a_long_list_goes_on_in_a_second_block() -> None:
    items = tuple(words("長" * 900 + str(n)) for n in range(7))
    made = built(of(Bullets(items=items)))
    assert [len(block["elements"][0]["elements"]) for block in made] == [3, 3, 1]


def test_a_long_bullet_goes_on_below_its_list() -> None:
    long = "。".join(f"文{n}は長い" for n in range(500))
    items = (words("short"), words(long), words("last"))
    made = kit.build(of(Bullets(items=items)), BEST)
    assert judge(made)[0] == ""
    texts = [node["text"] for node in nodes(made) if isinstance(node.get("text"), str)]
    assert "".join(texts) == f"short{long}last"
    for block in made:
        assert sum(len(n["text"]) for n in nodes(block) if isinstance(n.get("text"), str)) <= 3_000


def joined(message: Message) -> str:
    return "".join(
        node["text"]
        for node in nodes(kit.build(message, BEST))
        if isinstance(node.get("text"), str)
    )


def rejoined(parts: tuple[Message, ...]) -> str:
    return "".join(map(joined, parts))


def test_fifty_five_stories_and_one_endless_bullet_fit_on_every_rung() -> None:
    endless = "モデルは約30億パラメータで訓練された。" * 162  # 3,402 characters
    message = Message(
        summary="News",
        blocks=(*(story(n) for n in range(1, 55)), story(55, endless)),
        actions=(ROW,),
    )
    parts = splitting.parts(message)
    assert 2 < len(parts) < 20
    for part in parts:
        for means in kit.LADDER:
            assert judge(kit.build(part, means)) == ("", [])
    headings = [n for n in range(1, 56) if f"{n}. Apple、AFM" in rejoined(parts)]
    assert len(headings) == 55
    assert [bool(part.actions) for part in parts] == [True] + [False] * (len(parts) - 1)
    assert parts[1].summary == f"News (2/{len(parts)})"
    for part in parts:
        assert all(isinstance(block, Group) for block in part.blocks)


def test_a_heading_stays_with_what_it_heads() -> None:
    title, long = Heading(runs=words("Next")), Paragraph(runs=words("長い文。" * 700))
    first, second = splitting.parts(of(long, long, long, long, title, long))
    assert first.blocks == (long, long, long, long)
    assert second.blocks == (title, long)


def test_a_title_is_no_message_of_its_own() -> None:
    title, huge = Heading(runs=words("Title")), Paragraph(runs=words("長い文。" * 3_200))
    first, *_ = splitting.parts(of(title, huge))
    assert len(first.blocks) > 1


@pytest.mark.parametrize(
    "block",
    [
        Paragraph(runs=words("文が続く。" * 8_000)),
        Paragraph(runs=words("📈👨‍👩‍👧" * 5_000)),
        Bullets(items=(words("a" * 30_000), words("b" * 30_000))),
        Table(caption="c", header=("k", "v"), rows=(("r", "長" * 20_000),)),
        Table(caption="長" * 15_000, header=("k", "v"), rows=()),
        table(900, 4, "長"),
        Collapsed(title="t", blocks=(Paragraph(runs=words("長" * 20_000)),)),
        Collapsed(title="t", blocks=tuple(table(9, 3, "長" * 20) for _ in range(30))),
        Group(blocks=(Note(kind="quote", runs=words("長" * 20_000)),)),
    ],
    ids=lambda block: type(block).__name__,
)
def test_a_block_too_large_for_a_message_is_divided(block: Any) -> None:
    parts = splitting.parts(of(Heading(runs=words("Title")), block))
    assert len(parts) > 1
    for part in parts:
        for means in kit.LADDER:
            assert judge(kit.build(part, means)) == ("", [])


def test_what_cannot_be_divided_is_left_to_the_ladder() -> None:
    whole = Collapsed(title="t" * 20_000, blocks=(Paragraph(runs=words("x")),))
    assert splitting.parts(of(whole)) == (of(whole),)


@given(st.lists(st.text(min_size=1, max_size=4_000), min_size=1, max_size=12))
def test_parts_say_all_of_a_message(texts: list[str]) -> None:
    parts = splitting.parts(of(*(Group(blocks=(Paragraph(runs=words(t)),)) for t in texts)))
    assert rejoined(parts) == "".join(texts)


def test_a_short_message_is_its_own_part() -> None:
    assert splitting.parts(note("x")) == (note("x"),)
