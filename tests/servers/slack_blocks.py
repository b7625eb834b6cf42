"""What Slack says of blocks: nothing, or an error with its lines, as the real validator does.

The rules are those of https://docs.slack.dev/reference/block-kit and of reports from the field
(one table per message: only_one_table_allowed; 13,200 characters in all: msg_blocks_too_long).
They are written apart from the product, which must not check itself.
"""

import json
from collections.abc import Callable, Iterable
from typing import Any

Lines = list[str]

TOO_LONG = 13_200
TOP = "header section rich_text divider context actions table container image input".split()
# What containers take, by the documentation; the live one has been seen to refuse rich_text.
INSIDE = "actions context divider header image rich_text section table".split()


def judge(
    blocks: Any, *, most: int = 50, unsupported: Iterable[str] = (), strict: bool = False
) -> tuple[str, Lines]:
    """The error (empty when all is well) and the validator's lines. `unsupported` types are not
    known at all; `strict` containers take no rich text."""
    if not isinstance(blocks, list):
        return "invalid_blocks_format", []
    lines: Lines = []
    if len(blocks) > most:
        lines.append(f"no more than {most} items allowed [json-pointer:/blocks]")
    seen: set[str] = set()
    for at, block in enumerate(blocks):
        lines += _block(block, f"/blocks/{at}", seen, frozenset(unsupported), strict)
    if lines:
        return "invalid_blocks", lines
    if len(list(_tables(blocks))) > 1:
        return "invalid_attachments", ["only_one_table_allowed"]
    if len(json.dumps(blocks, ensure_ascii=False, separators=(",", ":"))) > TOO_LONG:
        return "msg_blocks_too_long", []
    return "", []


def _block(block: Any, at: str, seen: set[str], unsupported: frozenset[str], strict: bool) -> Lines:
    kind = block.get("type") if isinstance(block, dict) else None
    if kind not in TOP or kind in unsupported:
        return [f"unsupported type: {kind} [json-pointer:{at}/type]"]
    lines: Lines = []
    name = block.get("block_id")
    if name is not None:
        lines += _length(name, at + "/block_id", 255)
        if name in seen:
            lines.append(f"duplicate block_id: {name} [json-pointer:{at}/block_id]")
        seen.add(name)
    if kind == "container":
        return lines + _container(block, at, seen, unsupported, strict)
    return lines + CHECKS[kind](block, at)


def _container(
    block: Any, at: str, seen: set[str], unsupported: frozenset[str], strict: bool
) -> Lines:
    lines = _keys(
        block, at, "title child_blocks", "is_collapsible default_collapsed subtitle width icon"
    )
    lines += _text(block.get("title"), at + "/title", 150, plain=True)
    children = block.get("child_blocks") or []
    if not 1 <= len(children) <= 10:
        lines.append(f"must have 1 to 10 items [json-pointer:{at}/child_blocks]")
    if block.get("default_collapsed") and not block.get("is_collapsible"):
        lines.append(f"default_collapsed requires is_collapsible [json-pointer:{at}]")
    for number, child in enumerate(children):
        place = f"{at}/child_blocks/{number}"
        kind = child.get("type")
        if kind not in INSIDE or (strict and kind == "rich_text"):
            lines.append(f"unsupported type: {kind} [json-pointer:{place}/type]")
        else:
            lines += _block(child, place, seen, unsupported, strict)
    return lines


def _header(block: Any, at: str) -> Lines:
    return _keys(block, at, "text") + _text(block.get("text"), at + "/text", 150, plain=True)


def _section(block: Any, at: str) -> Lines:
    lines = _keys(block, at, "", "text fields accessory expand")
    if not (block.get("text") or block.get("fields")):
        return [*lines, f"must define either `text` or `fields` [json-pointer:{at}]"]
    if "text" in block:
        lines += _text(block["text"], at + "/text", 3_000)
    fields = block.get("fields") or []
    if len(fields) > 10:
        lines.append(f"no more than 10 items allowed [json-pointer:{at}/fields]")
    for number, field in enumerate(fields):
        lines += _text(field, f"{at}/fields/{number}", 2_000)
    return lines


def _rich(block: Any, at: str) -> Lines:
    lines = _keys(block, at, "elements")
    for number, element in enumerate(block.get("elements") or []):
        lines += _rich_element(element, f"{at}/elements/{number}")
    return lines


def _rich_element(element: Any, at: str) -> Lines:
    kind = element.get("type")
    inner = element.get("elements") or []
    if kind not in (
        "rich_text_section",
        "rich_text_list",
        "rich_text_quote",
        "rich_text_preformatted",
    ):
        return [f"unsupported type: {kind} [json-pointer:{at}/type]"]
    extra = "style indent offset border" if kind == "rich_text_list" else "border"
    lines = _keys(element, at, "elements", extra)
    if not inner:
        lines.append(f"must have at least 1 item [json-pointer:{at}/elements]")
    if kind == "rich_text_list":
        if element.get("style") not in ("bullet", "ordered"):
            lines.append(f"invalid style [json-pointer:{at}/style]")
        for number, item in enumerate(inner):
            if item.get("type") != "rich_text_section":
                lines.append(f"must be a rich_text_section [json-pointer:{at}/elements/{number}]")
            lines += _rich_element(item, f"{at}/elements/{number}")
        return lines
    for number, part in enumerate(inner):
        lines += _rich_part(part, f"{at}/elements/{number}")
    return lines


def _rich_part(part: Any, at: str) -> Lines:
    kind = part.get("type")
    styles = set(part.get("style") or ())
    lines: Lines = []
    if not styles <= {"bold", "italic", "strike", "code", "underline"}:
        lines.append(f"invalid style [json-pointer:{at}/style]")
    match kind:
        case "text":
            return (
                lines + _keys(part, at, "text", "style") + _length(part.get("text"), at + "/text")
            )
        case "link":
            lines += _keys(part, at, "url", "text style unsafe")
            if not str(part.get("url")).startswith(("http://", "https://", "mailto:")):
                lines.append(f"invalid url [json-pointer:{at}/url]")
            return lines
        case "user" | "channel" | "emoji" | "date" | "broadcast" | "usergroup":
            return lines
    return [f"unsupported type: {kind} [json-pointer:{at}/type]"]


def _context(block: Any, at: str) -> Lines:
    elements = block.get("elements") or []
    lines = _keys(block, at, "elements")
    if not 1 <= len(elements) <= 10:
        lines.append(f"must have 1 to 10 items [json-pointer:{at}/elements]")
    for number, element in enumerate(elements):
        lines += _text(element, f"{at}/elements/{number}", 2_000)
    return lines


def _actions(block: Any, at: str) -> Lines:
    elements = block.get("elements") or []
    lines = _keys(block, at, "elements")
    if not 1 <= len(elements) <= 25:
        lines.append(f"must have 1 to 25 items [json-pointer:{at}/elements]")
    names = [element.get("action_id") for element in elements]
    for number, element in enumerate(elements):
        place = f"{at}/elements/{number}"
        if names.index(names[number]) != number:
            lines.append(f"duplicate action_id: {names[number]} [json-pointer:{place}/action_id]")
        if element.get("type") != "button":
            lines.append(f"unsupported type: {element.get('type')} [json-pointer:{place}/type]")
            continue
        lines += _keys(element, place, "text action_id", "value url style confirm")
        lines += _text(element.get("text"), place + "/text", 75, plain=True)
        lines += _length(element.get("action_id"), place + "/action_id", 255)
        for key, limit in (("value", 2_000), ("url", 3_000)):
            if key in element:
                lines += _length(element[key], f"{place}/{key}", limit)
        if element.get("style") not in (None, "primary", "danger"):
            lines.append(f"invalid style [json-pointer:{place}/style]")
    return lines


def _table(block: Any, at: str) -> Lines:
    rows = block.get("rows") or []
    lines = _keys(block, at, "rows", "column_settings")
    if not 1 <= len(rows) <= 100:
        lines.append(f"must have 1 to 100 items [json-pointer:{at}/rows]")
    characters = 0
    for y, row in enumerate(rows):
        if not 1 <= len(row) <= 20:
            lines.append(f"must have 1 to 20 items [json-pointer:{at}/rows/{y}]")
        for x, cell in enumerate(row):
            place = f"{at}/rows/{y}/{x}"
            if cell.get("type") != "raw_text":
                lines.append(f"failed to match any allowed schemas [json-pointer:{place}]")
            lines += _length(cell.get("text"), place + "/text")
            characters += len(cell.get("text") or "")
    if characters > 10_000:
        lines.append(f"must be less than 10001 characters [json-pointer:{at}/rows]")
    settings = block.get("column_settings") or []
    if len(settings) > 20:
        lines.append(f"no more than 20 items allowed [json-pointer:{at}/column_settings]")
    for number, setting in enumerate(settings):
        if set(setting or ()) - {"align", "is_wrapped"}:
            place = f"{at}/column_settings/{number}"
            lines.append(f"invalid additional property [json-pointer:{place}]")
    return lines


def _input(block: Any, at: str) -> Lines:
    lines = _keys(block, at, "label element", "hint optional dispatch_action")
    return lines + _text(block.get("label"), at + "/label", 2_000, plain=True)


def _image(block: Any, at: str) -> Lines:
    return _keys(block, at, "alt_text", "image_url title slack_file")


def _divider(block: Any, at: str) -> Lines:
    return _keys(block, at, "")


CHECKS: dict[str, Callable[[Any, str], Lines]] = {
    "header": _header,
    "section": _section,
    "rich_text": _rich,
    "divider": _divider,
    "context": _context,
    "actions": _actions,
    "table": _table,
    "image": _image,
    "input": _input,
}


def _text(given: Any, at: str, limit: int, *, plain: bool = False) -> Lines:
    kinds = ("plain_text",) if plain else ("plain_text", "mrkdwn")
    if not isinstance(given, dict) or given.get("type") not in kinds:
        return [f"failed to match all allowed schemas [json-pointer:{at}]"]
    extra = "emoji" if given["type"] == "plain_text" else "verbatim"
    return _keys(given, at, "text", extra) + _length(given.get("text"), at + "/text", limit)


def _length(given: Any, at: str, limit: int | None = None) -> Lines:
    if not isinstance(given, str) or not given:
        return [f"must be more than 0 characters [json-pointer:{at}]"]
    if limit is not None and len(given) > limit:
        return [f"must be less than {limit + 1} characters [json-pointer:{at}]"]
    return []


def _keys(given: Any, at: str, required: str, optional: str = "") -> Lines:
    needed, known = set(required.split()), {"type", "block_id", *optional.split()}
    missing = [f"missing required field: {k} [json-pointer:{at}]" for k in needed - set(given)]
    unknown = set(given) - needed - known
    return missing + [f"invalid additional property: {k} [json-pointer:{at}]" for k in unknown]


def _tables(blocks: Any) -> Iterable[Any]:
    for block in blocks:
        if block["type"] in ("table", "data_table"):
            yield block
        yield from _tables(block.get("child_blocks") or [])
