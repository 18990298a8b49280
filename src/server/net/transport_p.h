// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "closecode_p.h"
#include "framewatch_p.h"
#include "loopturn_p.h"
#include "outboundqueue_p.h"
#include "socket_p.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace Dispatch {

struct UpgradeRequest;

/// The WebSocket of one client. Beast does the handshake, the parsing and the control frames; all
/// that leaves, its frames and ours, goes through one queue, which is written at the end of a
/// loop turn. Lives on the thread of its worker.
class Transport : public std::enable_shared_from_this<Transport> {
public:
    /// Whom a transport reports to.
    class Observer {
    public:
        /// The answer to the handshake is queued.
        virtual void opened() = 0;
        /// A whole text message of valid UTF-8, followed by readable bytes as
        /// ClientMessageParser::padding() demands.
        virtual void received(std::string_view text) = 0;
        virtual void receivedBinary() = 0;
        virtual void ponged(std::string_view payload) = 0;
        /// The message that comes in is too big. What is pushed now leaves before the close frame.
        virtual void tooBig() = 0;
        /// What comes in is no message that may be sent. What is pushed now leaves; the observer
        /// closes.
        virtual void misbehaved(FrameWatch::Fault fault) = 0;
        /// The other side closed, broke the protocol, is too slow, or is gone. The last call; may
        /// come from within push(). \a saidGoodbye: the other side closed, and meant it.
        virtual void ended(std::string_view reason, bool saidGoodbye) = 0;

    protected:
        ~Observer() = default;
    };

    struct Limits {
        std::size_t messageBytes = 0;
        std::size_t queueBytes = 0;
        FrameWatch::Limits frames;
    };

    /// \a limits may change while the transport lives.
    Transport(Socket socket, LoopTurn &turn, const Limits &limits);
    ~Transport();

    /// Answers \a request, then reads. No call is made before this one has returned.
    void start(Observer *observer, const UpgradeRequest &request);

    /// Queues frames; they are written at the end of the loop turn. A client that has more than
    /// the limit waiting already is dropped instead.
    void push(Chunk frames);
    /// Writes what the kernel takes.
    void flush();
    /// Queues a close frame, and reports nothing any more. The socket is closed when the other
    /// side answers, or by endIfLate().
    void close(CloseCode code, std::string_view reason);
    /// The same, but what the other side says until it answers is still reported, and its end.
    void closeSoftly(CloseCode code, std::string_view reason);
    /// Drops the connection with all that waits, and reports nothing any more.
    void abort();
    /// Ends one that is closing for longer than \a timeout, with what it has not taken until then.
    void endIfLate(TimePoint now, Duration timeout);

    bool isStalled(TimePoint now, Duration timeout) const
    {
        return m_queue.isStalled(now, timeout);
    }
    /// Tells whether a message began to come in so long ago and is not all there.
    bool isMessageLate(TimePoint now, Duration timeout) const
    {
        return m_frames.isLate(now, timeout);
    }
    std::size_t waitingBytes() const { return m_queue.bytes(); }
    bool isFlushed() const { return m_queue.isEmpty(); }
    /// The kernel takes no more until the other side has.
    bool isBehind() const { return m_waitsForRoom; }
    bool isClosed() const { return m_state == State::Closed; }
    /// When the last bytes came in.
    TimePoint lastHeard() const { return m_lastHeard; }

private:
    class Layer;
    struct Stream;
    enum class State {
        Open,
        Closing, // our close frame is the last that is queued; the other side has not answered
        Lingering, // nobody will say anything any more; what waits is written, what comes is lost
        Broken, // nothing can be written any more; what came before that is read until its end
        Closed,
    };

    void read();
    void onRead(std::size_t bytes);
    void onClosed();
    void onMessage();
    void onArrived(std::size_t bytes);
    template<class Buffers>
    void watch(const Buffers &buffers, std::size_t bytes);
    void writeFromBeast(std::string frame);
    void pushPong();
    void scheduleFlush();
    void waitForRoom();
    void breakOff();
    void linger(std::string_view reason, bool otherSideClosed);
    void discardInput();
    void report(std::string_view reason);
    void closeSocket();

    LoopTurn &m_turn;
    const Limits &m_limits;
    Observer *m_observer = nullptr;
    OutboundQueue m_queue;
    FrameWatch m_frames;
    std::string m_pong; // answers the latest ping, and waits until the one before it has left
    std::size_t m_beforePong = 0; // bytes that leave before that is so
    std::unique_ptr<Stream> m_stream;
    std::vector<char> m_input;
    std::size_t m_received = 0;
    TimePoint m_lastHeard;
    TimePoint m_endsSince;
    State m_state = State::Open;
    bool m_otherSideClosed = false;
    bool m_saidGoodbye = false;
    bool m_willFlush = false;
    bool m_waitsForRoom = false;
};

} // namespace Dispatch
