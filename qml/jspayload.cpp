// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "jspayload_p.h"

#include "jsengine_p.h"

#include <QtCore/qjsonarray.h>
#include <QtCore/qjsondocument.h>
#include <QtQml/qjsengine.h>

using namespace Qt::StringLiterals;

namespace Dispatch {

DispatchError cantBeSent(const QString &what, const QString &why)
{
    return {DispatchError::InvalidPayload, u"%1 can't be sent: %2."_s.arg(what, why)};
}

std::variant<QJsonValue, DispatchError> toJsonValue(const JsEngine &js, const QJSValue &value,
                                                    const QString &what)
{
    const auto text = js.stringify(value);
    if (const auto *why = std::get_if<QString>(&text))
        return cantBeSent(what, *why);
    const auto &json = std::get<QByteArray>(text);
    if (json.isEmpty())
        return QJsonValue(QJsonValue::Undefined);
    const QJsonArray wrapped = QJsonDocument::fromJson('[' + json + ']').array();
    // Qt's reader goes only so deep.
    if (wrapped.size() != 1)
        return cantBeSent(what, u"it nests too deep"_s);
    return wrapped.first();
}

QJSValue toJs(QJSEngine *engine, const DispatchAcknowledgement &acknowledgement)
{
    QJSValue object = engine->newObject();
    object.setProperty(u"sequence"_s, double(acknowledgement.sequence));
    return object;
}

} // namespace Dispatch
