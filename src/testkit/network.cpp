// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "network_p.h"

#include "connectparameters_p.h"
#include "link_p.h"
#include "testtransport_p.h"

#include <QtCore/qpromise.h>
#include <QtCore/qthread.h>

#include <utility>

using namespace Qt::StringLiterals;

namespace Dispatch::TestKit {

namespace {

// A connection, a request and its answer.
constexpr int WaysToAnswer = 4;

/// Ends \a promise with the shards once the time has come; with an error if it is destroyed first.
class InfoAnswer final {
public:
    InfoAnswer() { m_promise.start(); }
    ~InfoAnswer()
    {
        if (m_isDone)
            return;
        m_promise.setException(
            DispatchError(DispatchError::NetworkError, u"The test's network is offline."_s, true));
        m_promise.finish();
    }
    Q_DISABLE_COPY_MOVE(InfoAnswer)

    QFuture<QList<DispatchShardInfo>> future() const { return m_promise.future(); }
    void finish(const QList<DispatchShardInfo> &shards)
    {
        m_isDone = true;
        m_promise.addResult(shards);
        m_promise.finish();
    }

private:
    QPromise<QList<DispatchShardInfo>> m_promise;
    bool m_isDone = false;
};

} // namespace

Network::Network(Host *host)
    : m_thread(QThread::currentThread())
    , m_answers(m_clock)
    , m_host(host)
{
}

QThread *Network::thread() const
{
    return m_thread;
}

void Network::removeHost()
{
    m_host = nullptr;
    m_isOffline = true;
    cut();
}

void Network::setOffline(bool isOffline)
{
    m_isOffline = isOffline;
    if (isOffline)
        cut();
}

void Network::setSilent(bool isSilent)
{
    m_isSilent = isSilent;
    for (const auto &link : links())
        link->setSilent(isSilent);
}

void Network::cut()
{
    for (const auto &link : links())
        link->cut();
}

void Network::connectLink(const std::shared_ptr<Link> &link, const TransportRequest &request)
{
    if (m_isOffline)
        return link->cut();
    m_links.push_back(link);
    link->setSilent(m_isSilent);
    link->open([this, weak = std::weak_ptr(link), request] {
        if (const auto there = weak.lock(); there && m_host)
            m_host->admit(there, request);
    });
}

std::vector<std::shared_ptr<Link>> Network::links()
{
    std::vector<std::shared_ptr<Link>> present;
    std::erase_if(m_links, [&present](const std::weak_ptr<Link> &weak) {
        if (auto link = weak.lock())
            present.push_back(std::move(link));
        return weak.expired();
    });
    return present;
}

std::unique_ptr<Transport> Network::makeTransport(TransportListener *listener)
{
    return std::make_unique<TestTransport>(shared_from_this(), listener);
}

QFuture<QList<DispatchShardInfo>> Network::requestInfo(const QString &projectId)
{
    const auto answer = std::make_shared<InfoAnswer>();
    const std::string project =
        projectId.isEmpty() ? std::string(DefaultProjectId) : projectId.toStdString();
    m_answers.send(WaysToAnswer * m_latency, [this, answer, project] {
        if (!m_isOffline && m_host)
            answer->finish(m_host->shards(project));
    });
    return answer->future();
}

} // namespace Dispatch::TestKit
