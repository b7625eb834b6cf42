"""Messages that every platform must be able to show."""

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
    Runs,
    Table,
)


def words(text: str) -> Runs:
    return (Run(text=text),)


def note(text: str, *rows: tuple[Button, ...]) -> Message:
    return Message(summary=text, blocks=(Paragraph(runs=words(text)),), actions=rows)


def story(number: int, *bullets: str) -> Group:
    """A story as the digest lays it out."""
    return Group(
        blocks=(
            Heading(runs=(Run(text=f"{number}. Apple、AFM を TPU で訓練", bold=True),), level=2),
            Paragraph(runs=(Run(text="Apple trained AFM on TPUs", italic=True),)),
            Bullets(
                items=(
                    (
                        Run(text="サーバー版は TPUv4 "),
                        Run(text="8,192 基", bold=True),
                        Run(text="で訓練"),
                    ),
                    *(words(bullet) for bullet in bullets),
                )
            ),
            Collapsed(
                title="🇬🇧 English",
                blocks=(Bullets(items=(words(f"Trained on 8,192 TPUv4 chips ({number})"),)),),
            ),
            Table(
                caption="📊 数字 · Figures",
                header=("項目 · Item", "日本語", "English"),
                rows=(("TPUv4", "8,192 基", "8,192 chips"), ("論文", "47 ページ", "47 pages")),
            ),
            Note(kind="warning", runs=words("記事内で桁が矛盾: 6.3兆 ≠ 6,300億")),
            Note(
                kind="footer", runs=(Run(text="Source", href=f"https://a.example/{number}?a=1&b"),)
            ),
        )
    )


def digest(stories: int, *bullets: str, **more: tuple[tuple[Button, ...], ...]) -> Message:
    title = Heading(runs=words("📰 ニュース · News"))
    return Message(
        summary="ニュース · News",
        blocks=(title, *(story(n, *bullets) for n in range(1, stories + 1))),
        **more,
    )
