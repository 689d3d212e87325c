import json

import pytest

from snippets.basics.agent_tools import calculate
from snippets.basics.mcp_messages import (
    CALCULATOR,
    ENVELOPE,
    MUST_CARRY,
    check_answer,
    check_request,
    make_request,
    serve_tools,
)

TOOLS = {"calculator": calculate}


def ask(number, method, **params):
    return json.loads(serve_tools(json.dumps(make_request(number, method, **params)), TOOLS))


def test_agrees_with_the_example_of_the_specification():
    """Keys and kinds as in the example messages of server/tools, revision 2026-07-28."""
    listed = ask(1, "tools/list")
    assert set(listed) == {"jsonrpc", "id", "result"}
    assert set(listed["result"]) == {"resultType", "tools", "ttlMs", "cacheScope"}
    assert {"name", "description", "inputSchema"} == set(listed["result"]["tools"][0])
    assert CALCULATOR["inputSchema"]["type"] == "object"
    called = ask("two", "tools/call", name="calculator", arguments={"sum": "37 * 48"})
    assert called == {
        "jsonrpc": "2.0",
        "id": "two",
        "result": {
            "resultType": "complete",
            "content": [{"type": "text", "text": "1776"}],
            "isError": False,
        },
    }


def test_page_says_a_failing_tool_is_a_result_and_an_unknown_one_an_error():
    failing = ask(3, "tools/call", name="calculator", arguments={"sum": "1 / 0"})
    assert failing["result"]["isError"] is True
    unknown = ask(4, "tools/call", name="delete", arguments={})
    assert unknown["error"] == {"code": -32602, "message": "Unknown tool: delete"}
    assert ask(5, "tools/paint")["error"]["code"] == -32601
    assert ask(6, "tools/call", name="calculator")["result"]["isError"] is True


@pytest.mark.parametrize(
    ("spoiled", "complaint"),
    [
        ([], "jsonrpc"),
        ({"jsonrpc": "1.0"}, "jsonrpc"),
        ({"jsonrpc": "2.0", "method": "tools/list", "params": {}}, "wanted an id"),
        ({"jsonrpc": "2.0", "id": True, "method": "m", "params": {}}, "wanted an id"),
        ({"jsonrpc": "2.0", "id": 1, "params": {}}, "a method and params"),
        ({"jsonrpc": "2.0", "id": 1, "method": "m", "params": {}}, "in params._meta, got none"),
    ],
)
def test_a_request_out_of_shape_is_refused(spoiled, complaint):
    with pytest.raises(ValueError, match=complaint):
        check_request(spoiled)


@pytest.mark.parametrize(
    ("spoiled", "complaint"),
    [
        ("hello", "jsonrpc"),
        ({"jsonrpc": "2.0", "id": 2, "result": {}}, "the answer to 1"),
        ({"jsonrpc": "2.0", "id": 1}, "both or neither"),
        ({"jsonrpc": "2.0", "id": 1, "result": {}, "error": {}}, "both or neither"),
        ({"jsonrpc": "2.0", "id": 1, "result": {"resultType": "painted"}}, "got 'painted'"),
    ],
)
def test_an_answer_out_of_shape_is_refused(spoiled, complaint):
    with pytest.raises(ValueError, match=complaint):
        check_answer(spoiled, 1)


def test_every_request_carries_the_envelope():
    """Required are the revision and the abilities; the name is only asked for (basic, `_meta`)."""
    bare = make_request(8, "tools/list")
    bare["params"]["_meta"] = {key: ENVELOPE[key] for key in MUST_CARRY}
    assert check_request(bare) == bare
    assert check_answer({"jsonrpc": "2.0", "id": 1, "result": {}}, 1)["result"] == {}
    assert check_request(make_request(7, "tools/list"))["params"]["_meta"] == ENVELOPE
