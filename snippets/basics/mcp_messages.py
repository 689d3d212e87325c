"""The Model Context Protocol in two pairs of messages: which tools are there, and use one.

Source: Model Context Protocol, revision 2026-07-28, server/tools and basic (`_meta`),
https://modelcontextprotocol.io/specification/2026-07-28/server/tools; JSON-RPC 2.0, sections 4 and
5, https://www.jsonrpc.org/specification
"""

import json
from collections.abc import Callable
from textwrap import fill
from typing import Any

from snippets.basics.agent_tools import calculate

REVISION = "2026-07-28"
ENVELOPE = {  # what every request says of itself, since there are no sessions
    "io.modelcontextprotocol/protocolVersion": REVISION,
    "io.modelcontextprotocol/clientCapabilities": {},
    "io.modelcontextprotocol/clientInfo": {"name": "dummies-guide", "version": "1.0"},
}
MUST_CARRY = tuple(ENVELOPE)[:2]  # the third is asked for, but not required
CALCULATOR = {
    "name": "calculator",
    "description": "Work out a sum such as 37 * 48",
    "inputSchema": {
        "type": "object",
        "properties": {"sum": {"type": "string"}},
        "required": ["sum"],
    },
}
NO_SUCH_METHOD, WRONG_PARAMETERS = -32601, -32602


def make_request(number: int, method: str, **params: Any) -> dict[str, Any]:
    """Write a request as the client of a tool server does."""
    params["_meta"] = ENVELOPE
    return {"jsonrpc": "2.0", "id": number, "method": method, "params": params}


def serve_tools(line: str, tools: dict[str, Callable[[str], str]]) -> str:
    """Answer one request, as a server that offers a calculator does; JSON in, JSON out.

    A tool that fails is a result with `isError`, which the model gets to read. A tool that does not
    exist is an error of the protocol.
    """
    request = check_request(json.loads(line))
    params, answer = request["params"], {"jsonrpc": "2.0", "id": request["id"]}
    if request["method"] == "tools/list":
        listed = {"tools": [CALCULATOR], "ttlMs": 300_000, "cacheScope": "public"}
        return json.dumps(answer | {"result": {"resultType": "complete", **listed}})
    if request["method"] != "tools/call":
        return json.dumps(answer | _error(NO_SUCH_METHOD, f"no method {request['method']}"))
    given = params.get("arguments", {}).get("sum")
    if params.get("name") not in tools:
        return json.dumps(answer | _error(WRONG_PARAMETERS, f"Unknown tool: {params.get('name')}"))
    try:
        text, failed = tools[params["name"]](given if isinstance(given, str) else ""), False
    except ValueError as error:
        text, failed = str(error), True
    content = [{"type": "text", "text": text}]
    result = {"resultType": "complete", "content": content, "isError": failed}
    return json.dumps(answer | {"result": result})


def check_request(message: Any) -> dict[str, Any]:
    """Give a request back if it has the shape that the specification asks for.

    Raises:
        ValueError: If something is missing or of the wrong kind, with what was wanted.
    """
    if not isinstance(message, dict) or message.get("jsonrpc") != "2.0":
        raise ValueError(f'wanted an object with "jsonrpc": "2.0", got {message!r:.60}')
    if type(message.get("id")) not in (int, str):
        raise ValueError(f"wanted an id, a number or a text, got {message.get('id')!r}")
    params = message.get("params")
    if not isinstance(message.get("method"), str) or not isinstance(params, dict):
        raise ValueError(f"wanted a method and params, got {sorted(message)}")
    missing = [key for key in MUST_CARRY if key not in params.get("_meta", {})]
    if missing:
        raise ValueError(f"wanted {missing[0]} in params._meta, got none")
    return message


def check_answer(message: Any, number: int | str) -> dict[str, Any]:
    """Give an answer back if it fits the request of that id; errors as in `check_request`."""
    if not isinstance(message, dict) or message.get("jsonrpc") != "2.0":
        raise ValueError(f'wanted an object with "jsonrpc": "2.0", got {message!r:.60}')
    if message.get("id") != number:
        raise ValueError(f"wanted the answer to {number!r}, got one to {message.get('id')!r}")
    if ("result" in message) == ("error" in message):
        raise ValueError("wanted either a result or an error, got both or neither")
    kind = message.get("result", {}).get("resultType", "complete")  # older servers leave it out
    if kind != "complete":
        raise ValueError(f"wanted resultType complete, got {kind!r}")
    return message


def _error(code: int, told: str) -> dict[str, Any]:
    return {"error": {"code": code, "message": told}}


if __name__ == "__main__":
    tools = {"calculator": calculate}
    talk = {
        "list": make_request(1, "tools/list"),
        "call": make_request(2, "tools/call", name="calculator", arguments={"sum": "37 * 48"}),
        "failing": make_request(3, "tools/call", name="calculator", arguments={"sum": "1 / 0"}),
        "unknown": make_request(4, "tools/call", name="delete", arguments={}),
    }
    answers = {}
    for name, request in talk.items():
        answers[name] = check_answer(
            json.loads(serve_tools(json.dumps(request), tools)), request["id"]
        )
        shown = {key: value for key, value in request["params"].items() if key != "_meta"}
        for sign, message in ((">", request | {"params": shown}), ("<", answers[name])):
            print(fill(f"{sign} {json.dumps(message)}", 84, subsequent_indent="    "))
    text = answers["call"]["result"]["content"][0]["text"]
    sizes = {name: len(json.dumps(request)) for name, request in talk.items()}
    print(f"the envelope that is not shown is the same each time; a call has {sizes['call']} bytes")
