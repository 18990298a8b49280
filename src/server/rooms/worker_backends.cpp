// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

// What a worker does for back ends.

#include "worker_p.h"

#include "clientinfo_p.h"
#include "hub_p.h"
#include "mailing_p.h"

#include <boost/asio/post.hpp>

#include <algorithm>

namespace Dispatch {

namespace net = boost::asio;

namespace {

// What a post takes beside what it carries.
constexpr std::size_t BytesOfPost = 256;

} // namespace

void Worker::call(std::function<void(Worker &)> step)
{
    net::post(m_context, [this, step = std::move(step)] {
        m_turn.tick();
        step(*this);
    });
}

void Worker::callWith(std::size_t bytes, std::function<void(Worker &)> step)
{
    bytes += BytesOfPost;
    m_inboxBytes += bytes;
    ++m_inboxPosts;
    call([bytes, step = std::move(step)](Worker &worker) {
        worker.m_inboxBytes -= bytes;
        --worker.m_inboxPosts;
        step(worker);
    });
}

std::optional<std::string> Worker::banOf(std::string_view projectId, std::string_view userId,
                                         std::string_view address) const
{
    return m_hub.banOf(projectId, userId, address);
}

void Worker::post(std::shared_ptr<const Mailing> mailing)
{
    std::size_t bytes =
        mailing->event.bytes() + bytesOf(mailing->users) + bytesOf(mailing->clients);
    if (mailing->shards)
        bytes += bytesOf(*mailing->shards);
    callWith(bytes, [mailing = std::move(mailing)](Worker &worker) { worker.deliver(*mailing); });
}

bool Worker::publish(const std::shared_ptr<const Mailing> &mailing)
{
    const bool hasRoom = std::ranges::all_of(m_hub.workers, [this](const auto &worker) {
        return worker.get() == this || worker->hasRoom();
    });
    if (!hasRoom)
        return false;
    for (const auto &worker : m_hub.workers) {
        if (worker.get() != this)
            worker->post(mailing);
    }
    deliver(*mailing);
    return true;
}

void Worker::deliver(const Mailing &mailing)
{
    Letter letter{mailing.event.event()};
    if (mailing.isForPeople) {
        m_found.clear();
        findPeople(mailing.projectId, mailing.clients, mailing.users);
        handToFound(letter);
    } else if (mailing.shards) {
        for (const std::string &name : *mailing.shards) {
            if (Shard *shard = m_roster.find(mailing.projectId, name))
                emitInto(*shard, letter);
        }
    } else {
        for (const auto &[name, shard] : m_roster.shardsOf(mailing.projectId))
            emitInto(*shard, letter);
    }
}

void Worker::findPeople(const std::string &projectId, const std::vector<std::string> &clients,
                        const std::vector<std::string> &users)
{
    for (const std::string &client : clients)
        m_addressBook.findClient(projectId, client, m_found);
    for (const std::string &user : users)
        m_addressBook.findUser(projectId, user, m_found);
}

void Worker::emitInto(Shard &shard, Letter &letter)
{
    if (shard.isNumbered())
        shard.emitEvent(letter.event);
    else
        shard.emitFrames(*framesOf(letter, false));
}

ClientInfo Worker::describe(Connection &connection)
{
    connection.updateLastPing(m_turn.now);
    const Person &person = connection.person();
    return {person.clientId,
            person.userId,
            person.userInfoFields,
            connection.address(),
            connection.connectedSince(),
            person.lastPing,
            connection.isAway()};
}

ClientPage Worker::clientsOf(std::string_view projectId, std::string_view shardName,
                             std::string_view after, std::size_t limit)
{
    ClientPage page;
    const Shard *shard = m_roster.find(projectId, shardName);
    if (!shard)
        return page;
    page.isThere = true;
    std::vector<Connection *> members;
    std::ranges::copy_if(shard->members(), std::back_inserter(members),
                         [after](Connection *member) { return member->person().clientId > after; });
    std::ranges::sort(members, {}, [](Connection *member) -> const std::string & {
        return member->person().clientId;
    });
    page.hasMore = members.size() > limit;
    members.resize(std::min(members.size(), limit));
    for (Connection *member : members)
        page.clients.push_back(describe(*member));
    return page;
}

std::vector<Connection *> Worker::select(const ClientSelection &selection) const
{
    std::vector<Connection *> found;
    switch (selection.kind) {
    case ClientSelection::Kind::Client:
        m_addressBook.findClient(selection.projectId, selection.name, found);
        break;
    case ClientSelection::Kind::User:
        m_addressBook.findUser(selection.projectId, selection.name, found);
        std::erase_if(found, [](const Connection *connection) { return connection->isBackend(); });
        break;
    case ClientSelection::Kind::Address:
        for (const auto &[connection, owner] : m_connections) {
            if (connection->seat().projectId == selection.projectId
                && connection->address() == selection.name && !connection->isBackend())
                found.push_back(connection);
        }
        break;
    }
    return found;
}

std::vector<ClientInfo> Worker::find(const ClientSelection &selection)
{
    std::vector<ClientInfo> found;
    for (Connection *connection : select(selection))
        found.push_back(describe(*connection));
    return found;
}

int Worker::sendAway(const ClientSelection &selection, Refusal refusal, std::string_view detail)
{
    int count = 0;
    for (Connection *connection : select(selection))
        count += connection->sendAway(refusal, detail) ? 1 : 0;
    return count;
}

} // namespace Dispatch
