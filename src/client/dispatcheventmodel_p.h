// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "dispatchclient.h"
#include "dispatcheventmodel.h"
#include "eventrows_p.h"
#include "owneventwatcher_p.h"

#include <deque>
#include <variant>

/// Outlives the model while code of its is on the stack; by then q is null. Any view may delete the
/// model, or change it, in whatever it is told of: what was read before that is read again.
class Q_DECL_HIDDEN DispatchEventModel::Private final
    : public Dispatch::OwnEventWatcher,
      public std::enable_shared_from_this<DispatchEventModel::Private> {
public:
    explicit Private(DispatchEventModel *model);

    void attach(DispatchClient *newClient);
    /// The model is being destroyed.
    void end();
    void setEventName(const QString &name);
    bool retry(std::uint64_t id);
    bool removeFailed(std::uint64_t id);
    void clear();
    void trim();

    bool watches(const QString &name) const override { return name == eventName; }
    void began(const Dispatch::OutgoingEvent &event, OwnEventWatcher::Status status,
               const DispatchError &reason) override;
    void moved(const std::vector<std::uint64_t> &ids, OwnEventWatcher::Status status) override;
    void failed(std::uint64_t id, OwnEventWatcher::Status status,
                const DispatchError &reason) override;
    void replaced(std::uint64_t id) override;

    DispatchEventModel *q;
    DispatchClient *client = nullptr;
    QString eventName;
    int limit = 500;
    bool clearOnMove = true;
    Dispatch::EventRows rows;

private:
    struct Heard {
        DispatchEvent event;
        qint64 time; ///< when, in ms since the epoch
    };
    /// Where a client is.
    struct Place {
        QUrl url = {};
        QString projectId = {};
        QString shardName = {};

        bool operator==(const Place &) const = default;
    };
    struct Joined {
        Place place;
        DispatchConnectionInfo info;
    };

    void start();
    void stop();
    void clientGone();
    void scheduleFlush();
    void joined(const DispatchConnectionInfo &info);
    void lost();
    void flush();
    void takeJoin(const Joined &join);
    void addressWaiting();
    void settleDirect();
    void takeRun();
    bool isOurs(const DispatchEventMetadata &metadata) const;
    bool wasShown(const DispatchEventMetadata &metadata) const;
    Dispatch::EventRow rowOf(const Heard &heard, bool isOwn) const;
    void insert(std::vector<Dispatch::EventRow> run);
    void echo(int row, const Heard &heard);
    DispatchEventModel::Status known(DispatchEventModel::Status status,
                                     const Dispatch::OutgoingEvent &event) const;
    void fail(int row, DispatchEventModel::Status status, const DispatchError &reason);
    void changed(int first, int last, const QList<int> &roles);
    void remove(int first, int last);
    void countChanged();

    DispatchSubscription m_subscription;
    std::unique_ptr<QObject> m_context; ///< of the connections to the client, as long as they are
    std::deque<std::variant<Heard, Joined>> m_incoming; ///< in this turn
    Place m_place;
    QStringList m_ownIds; ///< that this client had, the latest at the end
    QString m_epoch;
    QHash<QString, qint64> m_lastSequences; ///< that was shown of each epoch
    bool m_flushDue = false;
    bool m_isExtended = true;
    bool m_isChangingRows = false; ///< views were told, and it is not done yet
    bool m_isClearDue = false; ///< behind that
    quint64 m_generation = 0; ///< of the rows; another client or name begins another one
    int m_announcedCount = 0;
};
