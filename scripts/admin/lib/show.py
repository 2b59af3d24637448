"""Lays out answers of the server for people.

usage: show.py WHAT < JSON     WHAT is one of the functions in SHOWN
"""

import signal
import sys

import wire
from tables import amount, apart, number, short, table, tail, time_of


def progress(operation: dict) -> None:
    metadata = operation.get("metadata", {})
    done, total = int(metadata.get("done", 0)), int(metadata.get("total", 0))
    share = f"{100 * done // total} %" if total else f"{done}"
    print(f"\r\033[K{metadata.get('stage', 'waiting').lower()} {share}", end="")


def account(found: dict) -> None:
    print(f"{found['name']}  {found.get('displayName', '')}")
    facts = [
        ("state", short(found.get("state", ""), "STATE_")),
        ("currency", found.get("currencyCode")),
        ("parent", found.get("parentAccount")),
        ("industry", found.get("industry")),
        ("declared spend", amount(found.get("declaredAnnualSpend"))),
        ("marketing budget", amount(found.get("marketingBudget"))),
        ("created", time_of(found.get("createTime"))),
        ("changed", time_of(found.get("updateTime"))),
        ("deleted", time_of(found.get("deleteTime"))),
    ]
    facts += [(f"id in {e['system']}", e["id"]) for e in found.get("externalIds", [])]
    facts += [(f"label {key}", value) for key, value in found.get("labels", {}).items()]
    for label, value in facts:
        if value:
            print(f"  {label + ':':18}{value}")


def newest_assessment(found: dict) -> None:
    if not found.get("assessments"):
        print("\nnot evaluated yet")
        return
    newest = found["assessments"][0]
    print(f"\n{_verdict_line(newest)}")
    met = [c["criterion"] for c in newest["criteria"] if c.get("verdict") == "VERDICT_MET"]
    print(f"  criteria met: {', '.join(met) or 'none'}")


def assessment(found: dict) -> None:
    print(f"{tail(found['account'])}: {_verdict_line(found)}\n")
    rows = []
    for criterion in found.get("criteria", []):
        rows.append(
            [
                criterion["criterion"] + (" (required)" if criterion.get("required") else ""),
                short(criterion.get("verdict", ""), "VERDICT_"),
                number(criterion.get("score")),
                number(criterion.get("passMark", 0)),
                "",
            ]
        )
        for metric in criterion.get("metrics", []):
            counts = f"{metric.get('evidenceCount', 0)} of {metric.get('evidenceNeeded', 0)}"
            value = number(metric["value"]) if "value" in metric else f"absent: {counts}"
            name = short(metric["metric"], "METRIC_").lower()
            rows.append([f"  {name}", "", number(metric.get("score")), "", value])
    print(table(["criterion", "verdict", "score", "needs", "measured"], rows, right=(2, 3, 4)))
    print("\nWhat alone would change that, nearest first:")
    for flip in found.get("flips", []):
        print(f"  {_flip(flip)}")
    if not found.get("flips"):
        print("  nothing alone")
    stuck = [short(metric, "METRIC_").lower() for metric in found.get("noFlip", [])]
    if stuck:
        print(f"No change alone of these changes anything: {', '.join(stuck)}")


def _verdict_line(found: dict) -> str:
    line = f"{short(found.get('tier', ''), 'TIER_')}, score {number(found.get('score', 0))}"
    if found.get("rank"):
        line += f", rank {found['rank']}"
    if found.get("previousTier"):
        line += f", was {short(found['previousTier'], 'TIER_')}"
    model = f", {found['lifetimeModel']}" if found.get("lifetimeModel") else ""
    return f"{line} (as of {found['asOf'][:10]}, {found['scorecardRevision']}{model})"


def _flip(flip: dict) -> str:
    name = short(flip["metric"], "METRIC_").lower()
    now, then = apart(flip.get("currentValue", 0), flip.get("requiredValue", 0))
    change = f"{name} {now} → {then}"
    if "tier" in flip:
        return f"{change}: {short(flip['tier'], 'TIER_')}"
    return f"{change}: {flip['criterion']} {short(flip.get('verdict', ''), 'VERDICT_')}"


def entitlements(found: dict) -> None:
    rows = [
        [
            tail(e["benefit"]),
            time_of(e["endTime"])[:10],
            amount(e.get("reservedCost")),
            tail(e["name"]),
        ]
        for e in found.get("entitlements", [])
    ]
    print()
    print(
        table(["benefit", "until", "reserved", "entitlement"], rows, right=(2,))
        if rows
        else "no benefits"
    )


def model(operation: dict) -> None:
    found = operation["response"]
    kind = short(found["purchaseKind"], "PURCHASE_KIND_").replace("_", "/")
    print(f"{found['name']}: {kind} as of {found['asOf'][:10]}")
    for part, evidence in (("purchase", "purchaseEvidence"), ("spend", "spendEvidence")):
        if part in found:
            values = ", ".join(f"{key} {value:.4f}" for key, value in found[part].items())
            fit = found[evidence]
            end = "converged" if fit.get("converged") else f"NOT converged: {fit.get('stopReason')}"
            print(f"  {part}: {values}")
            print(
                f"    {fit['customers']} customers, log-likelihood {fit['logLikelihood']:.4f}, "
                f"{fit.get('iterations', 0)} evaluations, {end}"
            )


def evaluation(operation: dict) -> None:
    found = operation["response"]
    rows = [
        [
            short(tier["tier"], "TIER_"),
            tier.get("accountCount", "0"),
            amount(tier.get("revenue12m")),
            f"{100 * tier.get('revenueShare', 0):.1f} %",
        ]
        for tier in found.get("tiers", [])
    ]
    print(f"{found['name']}: {found.get('accountCount', 0)} accounts as of {found['asOf'][:10]}")
    print(f"  {found['scorecardRevision']} {found.get('lifetimeModel', '')}\n")
    print(table(["tier", "accounts", "revenue, 12 months", "of all"], rows, right=(1, 2, 3)))


def plan(operation: dict) -> None:
    found = operation["response"]
    print(f"{found['name']}: {short(found['state'], 'STATE_')}")
    print(
        f"  {found.get('grants', 0)} benefits for {found.get('accounts', 0)} accounts, "
        f"cost {amount(found.get('cost')) or 0}, "
        f"expected to bring {amount(found.get('value')) or 0}\n"
    )
    rows = [
        [
            tail(use["benefit"]),
            use.get("candidates", "0"),
            use.get("grants", "0"),
            amount(use.get("cost")),
            amount(use.get("value")),
        ]
        for use in found.get("benefits", [])
    ]
    heads = ["benefit", "candidates", "granted", "cost", "expected value"]
    print(table(heads, rows, right=(1, 2, 3, 4)) + "\n")
    rows = [
        [
            tail(use["budget"]),
            amount(use.get("available")),
            amount(use.get("reserved")),
            use.get("seats", "0"),
        ]
        for use in found.get("budgets", [])
    ]
    print(table(["budget", "available before", "reserved", "seats"], rows, right=(1, 2, 3)))


def budgets(found: dict) -> None:
    rows = [
        [
            tail(b["name"]),
            amount(b.get("limit")),
            amount(b.get("reserved")),
            amount(b.get("spent")),
            amount(b.get("available")),
            f"{b.get('seatsReserved', 0)} of {b['seatLimit']}" if "seatLimit" in b else "–",
            f"{b['startTime'][:10]} to {b['endTime'][:10]}",
        ]
        for b in found.get("budgets", [])
    ]
    heads = ["budget", "limit", "reserved", "spent", "left", "seats", "period"]
    print(table(heads, rows, right=(1, 2, 3, 4, 5)) if rows else "no budgets")


def budget_entries(found: dict) -> None:
    rows = [
        [
            tail(e["name"]),
            time_of(e.get("createTime")),
            short(e.get("kind", ""), "KIND_"),
            amount(e.get("amount")),
            e.get("seats", "0"),
            e.get("entitlement", ""),
            e.get("reason", ""),
        ]
        for e in found.get("entries", [])
    ]
    heads = ["", "time", "what", "amount", "seats", "entitlement", "reason"]
    print("\n" + (table(heads, rows, right=(0, 3, 4)) if rows else "no entries"))


def operations(found: dict) -> None:
    rows = []
    for operation in found.get("operations", []):
        metadata = operation.get("metadata", {})
        state = "running"
        if operation.get("done"):
            state = operation["error"].get("message", "failed") if "error" in operation else "done"
        rows.append(
            [
                tail(operation["name"]),
                short(metadata.get("kind", ""), "KIND_"),
                metadata.get("target", ""),
                f"{metadata.get('done', 0)}/{metadata.get('total', 0)}",
                time_of(metadata.get("createTime")),
                state,
            ]
        )
    heads = ["operation", "what", "makes", "steps", "asked for", "state"]
    print(table(heads, rows, right=(3,)) if rows else "no operations")


SHOWN = (
    progress,
    account,
    newest_assessment,
    assessment,
    entitlements,
    model,
    evaluation,
    plan,
    budgets,
    budget_entries,
    operations,
)

if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # a reader such as head may leave early
    shown = {function.__name__.replace("_", "-"): function for function in SHOWN}
    shown[sys.argv[1]](wire.load(sys.stdin.read()))
