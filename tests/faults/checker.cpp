// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "checker.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace Dispatch::Faults {

namespace {

template<class... Handlers>
struct Overloaded : Handlers... {
    using Handlers::operator()...;
};

std::string text(const EventId &id)
{
    return id.emitter + '/' + std::to_string(id.number);
}

struct Emit {
    std::set<std::string> shards; ///< that the emitter was in from then on until he knew its fate
    std::vector<std::string> recipients;
    std::vector<Entry::Fate> fates;
    bool isPlain = false;
};

/// A number in one life of one shard.
struct Place {
    std::string shard;
    std::string epoch;
    std::int64_t seq = 0;

    auto operator<=>(const Place &) const = default;
};

/// From one join that is not recovered to the next: in it nothing may be missing.
struct Stretch {
    Place from;
    std::int64_t to = 0;
};

class Checker {
public:
    Checker(const std::vector<History> &histories, Order order)
        : m_histories(histories)
        , m_order(order)
    {
    }

    std::vector<std::string> run()
    {
        for (const History &history : m_histories)
            collect(history);
        for (const History &history : m_histories)
            follow(history);
        for (const History &history : m_histories) {
            if (history.tellsLosses)
                checkLosses(history);
        }
        checkFates();
        checkOneShard();
        checkOneOrder();
        checkPresence();
        checkSeats();
        return std::move(m_violations);
    }

private:
    void collect(const History &history);
    void follow(const History &history);
    void join(const History &history, const Entry::Joined &joined, Stretch &stretch);
    void receive(const History &history, const Entry::Received &event, Stretch &stretch);
    /// Whether it is of another stream than what goes to the shard.
    bool isApart(const EventId &id) const;
    void checkAddressee(const History &history, const EventId &id, const std::string &shard);
    void checkLosses(const History &history);
    void checkFates();
    void checkFate(const EventId &id, const Emit &emit);
    void checkAcknowledged(const EventId &id, const Emit &emit, const Entry::Fate &fate);
    void checkOneShard();
    void checkOneOrder();
    void checkNothingBetween(const std::string &client, const Place &last, const Place &next);
    void checkPresence();
    void checkSeats();
    void say(std::string violation) { m_violations.push_back(std::move(violation)); }

    const std::vector<History> &m_histories;
    const Order m_order;
    std::map<EventId, Emit> m_emits;
    std::map<Place, EventId> m_numbers;
    std::map<EventId, std::set<std::string>> m_receivers;
    std::map<EventId, std::set<std::string>> m_shards; ///< in which it was received
    std::map<std::string, std::vector<Stretch>> m_stretches; ///< of extended clients
    std::map<std::string, std::string> m_lastShard;
    std::vector<std::string> m_violations;
};

void Checker::collect(const History &history)
{
    std::string shard;
    std::set<EventId> open;
    for (const AnyEntry &entry : history.entries) {
        std::visit(Overloaded{
                       [&](const Entry::Joined &joined) {
                           shard = joined.shard;
                           for (const EventId &id : open)
                               m_emits[id].shards.insert(shard);
                       },
                       [&](const Entry::Emitted &emitted) {
                           m_emits[emitted.id] = {{shard}, emitted.recipients, {}, emitted.isPlain};
                           open.insert(emitted.id);
                       },
                       [&](const Entry::Fate &fate) {
                           m_emits[fate.id].fates.push_back(fate);
                           open.erase(fate.id);
                       },
                       [](const auto &) {},
                   },
                   entry);
    }
    m_lastShard[history.client] = shard;
}

void Checker::follow(const History &history)
{
    std::set<EventId> seen;
    std::map<std::pair<std::string, bool>, int> latest;
    bool isConnected = false;
    Stretch stretch;
    for (const AnyEntry &entry : history.entries) {
        if (const auto *joined = std::get_if<Entry::Joined>(&entry)) {
            if (std::exchange(isConnected, true))
                say(history.client + " joined again, and had not said that it was lost");
            join(history, *joined, stretch);
        } else if (const auto *lost = std::get_if<Entry::Lost>(&entry)) {
            isConnected = false;
            if (lost->reason.empty())
                say(history.client + " was lost, and does not know why");
        } else if (const auto *event = std::get_if<Entry::Received>(&entry)) {
            if (!isConnected)
                say(history.client + " got " + text(event->id) + " while it was not connected");
            if (!seen.insert(event->id).second)
                say(history.client + " got " + text(event->id) + " twice");
            int &number = latest[{event->id.emitter, isApart(event->id)}];
            if (event->id.number < number) {
                say(history.client + " got " + text(event->id) + " after number "
                    + std::to_string(number));
            }
            number = std::max(number, event->id.number);
            receive(history, *event, stretch);
        }
    }
    if (history.isExtended && !stretch.from.shard.empty())
        m_stretches[history.client].push_back(stretch);
}

bool Checker::isApart(const EventId &id) const
{
    const auto emit = m_emits.find(id);
    return m_order == Order::OfEachStream && emit != m_emits.end()
        && !emit->second.recipients.empty();
}

void Checker::join(const History &history, const Entry::Joined &joined, Stretch &stretch)
{
    if (!joined.recovered) {
        if (history.isExtended && !stretch.from.shard.empty())
            m_stretches[history.client].push_back(stretch);
        stretch = {{joined.shard, joined.epoch, joined.seq}, joined.seq};
    } else if (joined.epoch != stretch.from.epoch || joined.seq != stretch.to) {
        say(history.client + " was recovered at " + std::to_string(joined.seq)
            + " although it was at " + std::to_string(stretch.to));
    }
}

void Checker::receive(const History &history, const Entry::Received &event, Stretch &stretch)
{
    m_receivers[event.id].insert(history.client);
    m_shards[event.id].insert(stretch.from.shard);
    checkAddressee(history, event.id, stretch.from.shard);
    if (!history.isExtended || event.seq == 0)
        return;
    if (event.seq != stretch.to + 1) {
        say(history.client + " got number " + std::to_string(event.seq) + " after "
            + std::to_string(stretch.to));
    }
    stretch.to = event.seq;
    const auto [known, isNew] =
        m_numbers.emplace(Place{stretch.from.shard, stretch.from.epoch, event.seq}, event.id);
    if (!isNew && known->second != event.id) {
        say("number " + std::to_string(event.seq) + " is " + text(known->second) + " and "
            + text(event.id));
    }
}

void Checker::checkAddressee(const History &history, const EventId &id, const std::string &shard)
{
    const auto emit = m_emits.find(id);
    if (emit == m_emits.end())
        return say(history.client + " got " + text(id) + ", which nobody emitted");
    const auto &recipients = emit->second.recipients;
    const bool isFor = recipients.empty()
        ? emit->second.shards.contains(shard)
        : std::ranges::find(recipients, history.client) != recipients.end();
    if (!isFor)
        say(history.client + " got " + text(id) + ", which was for others");
}

void Checker::checkLosses(const History &history)
{
    bool isLost = false;
    bool isToldOf = false;
    const Entry::Joined *untold = nullptr; // a return
    for (const auto &entry : history.entries) {
        if (std::holds_alternative<Entry::Lost>(entry)) {
            isLost = true;
        } else if (const auto *joined = std::get_if<Entry::Joined>(&entry)) {
            if (isLost)
                untold = joined;
        } else if (std::holds_alternative<Entry::GaveUp>(entry)) {
            // It told of that instead.
            isLost = isToldOf = false;
        } else if (std::holds_alternative<Entry::LostForLong>(entry)) {
            if (!isLost || std::exchange(isToldOf, true))
                say(history.client + " told of a loss that there was not");
        } else if (const auto *restored = std::get_if<Entry::Restored>(&entry)) {
            if (!untold || untold->recovered != restored->recovered)
                say(history.client + " told of a return that there was not");
            isLost = isToldOf = false;
            untold = nullptr;
        }
    }
    if (untold)
        say(history.client + " did not tell of its return");
}

void Checker::checkFates()
{
    for (const auto &[id, emit] : m_emits)
        checkFate(id, emit);
}

void Checker::checkFate(const EventId &id, const Emit &emit)
{
    if (emit.isPlain && emit.fates.empty()) {
        if (emit.recipients.empty() && !m_receivers.contains(id))
            say(text(id) + " reached nobody, and nobody was told");
        return;
    }
    if (emit.fates.size() != 1)
        say(text(id) + " has " + std::to_string(emit.fates.size()) + " fates");
    for (const Entry::Fate &fate : emit.fates) {
        const bool isHeard = m_receivers.contains(id);
        if (fate.kind == Entry::Fate::Acknowledged)
            checkAcknowledged(id, emit, fate);
        else if (fate.kind != Entry::Fate::Unknown && isHeard)
            say(text(id) + " was refused or dropped, and reached somebody");
    }
}

void Checker::checkAcknowledged(const EventId &id, const Emit &emit, const Entry::Fate &fate)
{
    for (const std::string &recipient : emit.recipients) {
        // In another session he was somebody else, whom nobody meant.
        const auto stretches = m_stretches.find(recipient);
        if (stretches != m_stretches.end() && stretches->second.size() == 1
            && !m_receivers[id].contains(recipient))
            say(recipient + " missed " + text(id) + ", which was acknowledged");
    }
    if (!emit.recipients.empty() || fate.seq == 0)
        return;
    for (const auto &[client, stretches] : m_stretches) {
        for (const Stretch &stretch : stretches) {
            // Where the number belongs is known from those who got it.
            const auto number = m_numbers.find({stretch.from.shard, stretch.from.epoch, fate.seq});
            const bool isThere = number != m_numbers.end() && number->second == id;
            const bool covers = stretch.from.seq < fate.seq && fate.seq <= stretch.to;
            if (isThere && covers && !m_receivers[id].contains(client))
                say(client + " missed " + text(id) + ", which was acknowledged");
        }
    }
    if (!m_receivers.contains(id))
        say(text(id) + " was acknowledged, and reached nobody");
}

void Checker::checkOneShard()
{
    for (const auto &[id, shards] : m_shards) {
        const auto emit = m_emits.find(id);
        if (emit != m_emits.end() && emit->second.recipients.empty() && shards.size() > 1)
            say(text(id) + " came in " + std::to_string(shards.size()) + " shards");
    }
}

/// Base clients get no numbers: what they saw has to go together with an order of all events, and
/// to be all of that while they were connected.
void Checker::checkOneOrder()
{
    std::map<EventId, Place> order;
    for (const auto &[place, id] : m_numbers)
        order.emplace(id, place);
    for (const History &history : m_histories) {
        std::map<std::string, std::int64_t> latest;
        std::optional<Place> last; // on this connection
        for (const AnyEntry &entry : history.entries) {
            if (std::holds_alternative<Entry::Joined>(entry))
                last.reset();
            const auto *event = std::get_if<Entry::Received>(&entry);
            const auto found = event ? order.find(event->id) : order.end();
            if (found == order.end())
                continue;
            const Place &place = found->second;
            std::int64_t &top = latest[place.shard + '\n' + place.epoch];
            if (place.seq < top)
                say(history.client + " got " + text(event->id) + " in another order than others");
            top = std::max(top, place.seq);
            if (last && !history.isExtended)
                checkNothingBetween(history.client, *last, place);
            last = place;
        }
    }
}

void Checker::checkNothingBetween(const std::string &client, const Place &last, const Place &next)
{
    for (auto missed = m_numbers.upper_bound(last);
         missed != m_numbers.end() && missed->first < next; ++missed) {
        say(client + " missed " + text(missed->second) + " while it was connected");
    }
}

void Checker::checkPresence()
{
    std::map<std::string, std::vector<std::string>> truth;
    for (const auto &[client, shard] : m_lastShard)
        truth[shard].push_back(client);
    for (const History &history : m_histories) {
        const std::string &shard = m_lastShard[history.client];
        if (!shard.empty() && history.present != truth[shard])
            say(history.client + " sees other people than those who are there");
    }
    // Who is connected at the end is as far as the others.
    std::map<std::pair<std::string, std::string>, std::int64_t> tops;
    for (const auto &[client, stretches] : m_stretches) {
        const Stretch &last = stretches.back();
        std::int64_t &top = tops[{last.from.shard, last.from.epoch}];
        top = std::max(top, last.to);
    }
    for (const auto &[client, stretches] : m_stretches) {
        const Stretch &last = stretches.back();
        if (last.to != tops[{last.from.shard, last.from.epoch}])
            say(client + " is behind, at " + std::to_string(last.to));
    }
}

/// Whoever gets an event of a shard had a seat there when it got its number.
void Checker::checkSeats()
{
    std::map<std::string, std::size_t> seats; // of clients
    for (const History &history : m_histories) {
        seats[history.client] = history.seats;
        for (const AnyEntry &entry : history.entries) {
            const auto *saw = std::get_if<Entry::Saw>(&entry);
            if (saw && history.seats > 0 && saw->clients > int(history.seats)) {
                say(history.client + " saw " + std::to_string(saw->clients) + " clients on "
                    + std::to_string(history.seats) + " seats");
            }
        }
    }
    for (const auto &[place, id] : m_numbers) {
        const std::set<std::string> &receivers = m_receivers[id];
        const std::size_t most = receivers.empty() ? 0 : seats[*receivers.begin()];
        if (most > 0 && receivers.size() > most) {
            say(text(id) + " reached " + std::to_string(receivers.size()) + " clients on "
                + std::to_string(most) + " seats");
        }
    }
}

} // namespace

std::vector<std::string> check(const std::vector<History> &histories, Order order)
{
    return Checker(histories, order).run();
}

std::vector<std::string> checkRestarts(const std::vector<History> &histories, int restarts)
{
    std::vector<std::string> violations;
    for (const History &history : histories) {
        int joins = 0;
        int losses = 0; // that the client was told of: joins that go on with nothing
        for (const AnyEntry &entry : history.entries) {
            if (const auto *joined = std::get_if<Entry::Joined>(&entry)) {
                if (++joins > 1 && !joined->recovered)
                    ++losses;
            }
        }
        if (joins < restarts + 1 || (history.isExtended && losses != restarts)) {
            violations.push_back(history.client + " joined " + std::to_string(joins)
                                 + " times, and was told " + std::to_string(losses)
                                 + " times that something may be missing, with "
                                 + std::to_string(restarts) + " restarts");
        }
    }
    return violations;
}

} // namespace Dispatch::Faults
