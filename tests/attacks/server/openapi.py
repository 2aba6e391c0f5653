"""Which addresses may anybody call, described so that a machine can try them?"""

from __future__ import annotations

from typing import Any

LANGUAGE = {"name": "lang", "in": "query", "schema": {"type": "string"}}
CODE = {
    "name": "code",
    "in": "path",
    "required": True,
    "schema": {"type": "string", "minLength": 1},
}
FORM = "application/x-www-form-urlencoded"


def _text(*names: str) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {name: {"type": "string"} for name in names},
        "additionalProperties": {"type": "string"},
    }


def _body(**kinds: dict[str, Any]) -> dict[str, Any]:
    named = {"form": FORM, "json": "application/json", "parts": "multipart/form-data"}
    return {"content": {named[kind]: {"schema": schema} for kind, schema in kinds.items()}}


def schema() -> dict[str, Any]:
    """Return the public addresses as an OpenAPI document: participants' pages and open pages."""
    said = {"responses": {"default": {"description": "a page"}}}
    visit = _text("state", "go", "page", "lang", "BEN1", "FRI1", "card")
    sealed = {
        "type": "object",
        "properties": {"letter": {}, "digest": {}, "card": {}},
    }
    paths: dict[str, Any] = {
        "/s/": {
            "get": {"parameters": [LANGUAGE], **said},
            "post": {"requestBody": _body(form=_text("code")), **said},
        },
        "/s/{code}": {
            "get": {
                "parameters": [
                    CODE,
                    LANGUAGE,
                    {"name": "vis", "in": "query", "schema": {"type": "string"}},
                ],
                **said,
            },
            "post": {
                "parameters": [CODE, LANGUAGE],
                "requestBody": _body(form=visit, json=sealed, parts=visit),
                **said,
            },
        },
        "/angre/": {
            "get": {"parameters": [LANGUAGE], **said},
            "post": {"requestBody": _body(form=_text("words")), **said},
        },
    }
    for open_page in ("/", "/kontakt/", "/slik-verner-vi-svarene/", "/rapporter/alle/", "/{page}"):
        named = {"name": "page", "in": "path", "required": True, "schema": {"type": "string"}}
        parameters = [LANGUAGE, *([named] if "{" in open_page else [])]
        paths[open_page] = {"get": {"parameters": parameters, **said}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Knutepunkt", "version": "1"},
        "paths": paths,
    }
