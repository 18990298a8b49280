// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "dispatchclient_export.h"
#include "instant_p.h"

#include <QtCore/qobject.h>
#include <QtCore/qstringlist.h>

#include <functional>
#include <memory>
#include <vector>

class DispatchClient;

namespace Dispatch {

/// Something that passed between a client and its server, or became of their connection.
struct WireEvent {
    enum Kind {
        Opening, ///< an attempt begins; \c text is what it asks for
        Opened, ///< \c text is the sub-protocol that the server chose; empty if it chose none
        Sent, ///< \c text is a message of the client
        Heard, ///< \c text is one of the server. It may have to wait for its turn
        Ping, ///< of the client; those of the server are not told
        Pong, ///< the server's answer
        Left, ///< the client ends the connection
        Ended, ///< the attempt or the connection ended; \c text says why
    };
    Kind kind = Opening;
    QString text = {}; ///< without the secrets that the client knows
    Moment at = {};
};

/// Is told what passes, from the midst of the client's work: it takes note, and does nothing with
/// the client there and then.
class WireObserver {
public:
    virtual ~WireObserver() = default;
    virtual void passed(const WireEvent &event) = 0;
};

/// Where the traffic of a client can be listened to. Each client has one, as a child.
class DISPATCH_CLIENT_EXPORT WireTap : public QObject {
    Q_OBJECT

public:
    /// What of a client it has to know.
    struct Source {
        std::function<QStringList()> secrets; ///< no one is shown these, wherever they turn up
        std::function<Moment()> now;
    };

    WireTap(Source source, DispatchClient *client);

    static WireTap *of(const DispatchClient *client);

    /// Has \a observer told what passes from now on, for as long as it lives.
    void add(const std::weak_ptr<WireObserver> &observer) { m_observers.push_back(observer); }
    bool isObserved() const { return !m_observers.empty(); }
    void tell(WireEvent::Kind kind, const QString &text = {});
    /// \a text without the secrets that the client knows.
    QString masked(const QString &text) const;
    /// What time it is for the client.
    Moment now() const { return m_source.now(); }
    /// Has the client measure the way to the server now, if it is connected.
    void ping() { Q_EMIT pingWanted(); }

Q_SIGNALS:
    void pingWanted();

private:
    const Source m_source;
    std::vector<std::weak_ptr<WireObserver>> m_observers;
};

} // namespace Dispatch
