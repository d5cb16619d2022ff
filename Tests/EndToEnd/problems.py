"""What every error answer looks like."""


def check_problem(answer, status, bad_fields=()):
    """A problem of RFC 9457 with one plain sentence, naming at least the bad fields."""
    assert answer.status == status, answer.body
    assert answer.headers["Content-Type"].split(";")[0] == "application/problem+json"
    problem = answer.json
    assert problem.get("status", status) == status
    assert isinstance(problem["message"], str) and problem["message"].strip()
    if bad_fields:
        named = [error["field"] for error in problem["errors"]]
        assert set(bad_fields) <= set(named) and len(named) == len(set(named)), problem
        assert all(error["message"].strip() for error in problem["errors"])
    return problem
