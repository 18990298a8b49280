// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "session_p.h"

#include <QtCore/qfile.h>
#include <QtCore/qmetaobject.h>
#include <QtCore/qregularexpression.h>
#include <QtTest/qtest.h>

#include <functional>
#include <set>

using namespace Dispatch;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

using State = DispatchClient::State;
using Edge = std::pair<State, State>;

/// What can happen to a session, one after the other at times that are far apart.
const std::vector<std::function<void(Session &, Instant)>> Events = {
    [](Session &session, Instant now) { session.wish(now); },
    [](Session &session, Instant) { session.unwish(); },
    [](Session &session, Instant now) { session.rejoin(now); },
    [](Session &session, Instant now) { session.retryNow(now); },
    [](Session &session, Instant now) { session.woke(now); },
    [](Session &session, Instant now) { session.tryEarlier(now); },
    [](Session &session, Instant) { session.opened(); },
    [](Session &session, Instant now) { session.greeted(now); },
    [](Session &session, Instant now) { session.timerFired(now); },
    [](Session &session, Instant now) {
        session.ended(now, {DispatchError::NetworkError, true, {}, {}});
    },
    [](Session &session, Instant now) {
        session.ended(now, {DispatchError::ClosedByServer, false, {}, {}});
    },
};

/// Adds the ways from one state to another that \a session can go within \a steps.
void explore(const Session &session, Instant now, int steps, std::set<Edge> &edges)
{
    if (steps == 0)
        return;
    for (const auto &event : Events) {
        Session next = session;
        event(next, now);
        if (next.state() != session.state())
            edges.emplace(session.state(), next.state());
        explore(next, now + 1h, steps - 1, edges);
    }
}

std::optional<State> stateNamed(const QString &name)
{
    bool ok = false;
    const int value = QMetaEnum::fromType<State>().keyToValue(name.toLatin1().constData(), &ok);
    return ok ? std::optional(State(value)) : std::nullopt;
}

std::set<State> allStates()
{
    std::set<State> states;
    const QMetaEnum keys = QMetaEnum::fromType<State>();
    for (int i = 0; i < keys.keyCount(); ++i)
        states.insert(State(keys.value(i)));
    return states;
}

/// The diagram's source, without the attributes that only say how it looks.
class Diagram {
public:
    explicit Diagram(const QString &source);

    std::set<State> nodes;
    std::set<Edge> edges;

private:
    void readNodes(const QString &source, std::set<State> &into);
    void readEdges(const QString &source, const std::set<State> &active);
};

Diagram::Diagram(const QString &source)
{
    static const QRegularExpression cluster(u"subgraph cluster_active \\{(.*?)\\n    \\}"_s,
                                            QRegularExpression::DotMatchesEverythingOption);
    const QString inside = cluster.match(source).captured(1);
    std::set<State> active;
    readNodes(inside, active);
    readNodes(source, nodes);
    readEdges(source, active);

    static const QRegularExpression eachTo(u"each_to=(\\w+)"_s);
    if (const auto to = stateNamed(eachTo.match(inside).captured(1))) {
        for (const State from : active) {
            if (from != *to)
                edges.emplace(from, *to);
        }
    }
}

void Diagram::readNodes(const QString &source, std::set<State> &into)
{
    static const QRegularExpression node(u"^\\s*(\\w+)(?: \\[.*\\])?$"_s,
                                         QRegularExpression::MultilineOption);
    for (auto match = node.globalMatch(source); match.hasNext();) {
        if (const auto state = stateNamed(match.next().captured(1)))
            into.insert(*state);
    }
}

void Diagram::readEdges(const QString &source, const std::set<State> &active)
{
    static const QRegularExpression edge(u"(\\w+) -> (\\w+)(.*)"_s);
    for (auto match = edge.globalMatch(source); match.hasNext();) {
        const auto found = match.next();
        const auto from = stateNamed(found.captured(1));
        const auto to = stateNamed(found.captured(2));
        if (!from || !to)
            continue;
        if (!found.captured(3).contains("ltail=cluster_active"_L1)) {
            edges.emplace(*from, *to);
            continue;
        }
        for (const State each : active)
            edges.emplace(each, *to);
    }
}

QStringList toText(const std::set<Edge> &edges)
{
    const QMetaEnum keys = QMetaEnum::fromType<State>();
    QStringList text;
    for (const auto &[from, to] : edges)
        text += u"%1 -> %2"_s.arg(QLatin1String(keys.valueToKey(from)),
                                  QLatin1String(keys.valueToKey(to)));
    return text;
}

} // namespace

/// Holds docs/diagrams/states.dot against the state machine.
class tst_StateDiagram : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void hasTheStatesThatThereAre();
    void hasTheWaysThatThereAre();

private:
    static Diagram diagram();
};

Diagram tst_StateDiagram::diagram()
{
    QFile file(QStringLiteral(SOURCE_DIR "/docs/diagrams/states.dot"));
    return Diagram(file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString());
}

void tst_StateDiagram::hasTheStatesThatThereAre()
{
    QVERIFY(diagram().nodes == allStates());
}

void tst_StateDiagram::hasTheWaysThatThereAre()
{
    std::set<Edge> edges;
    const Session session([] { return 0.5; });
    explore(session, 1h, 6, edges);
    Session impatient([] { return 0.5; });
    impatient.setReconnectPolicy({.maxAttempts = 0});
    explore(impatient, 1h, 5, edges);
    QCOMPARE(toText(diagram().edges), toText(edges));
}

QTEST_GUILESS_MAIN(tst_StateDiagram)
#include "tst_statediagram.moc"
