// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "refusal_p.h"
#include "subprotocol_p.h"
#include "vectors.h"

using namespace Dispatch;
using namespace Qt::StringLiterals;

class tst_Subprotocol : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void offersAreRead_data() { addVectorRows(u"subprotocols"_s); }
    void offersAreRead();
    void whatIsWrittenIsRead();
    void whatIsWrittenStandsInTheVectors_data() { addVectorRows(u"subprotocols"_s); }
    void whatIsWrittenStandsInTheVectors();
};

namespace {

ResumeOffer toOffer(const QJsonObject &json)
{
    return {json["session"_L1].toString().toStdString(),
            {parseEpoch(json["epoch"_L1].toString().toStdString()).value(),
             static_cast<std::uint64_t>(json["seq"_L1].toInteger()),
             static_cast<std::uint64_t>(json["direct"_L1].toInteger())}};
}

} // namespace

void tst_Subprotocol::offersAreRead()
{
    QFETCH(const QJsonObject, vector);
    const auto read = parseSubprotocols(vector["value"_L1].toString().toStdString());
    if (vector.contains("refused"_L1)) {
        QVERIFY(std::holds_alternative<ParameterError>(read));
        QCOMPARE(vector["refused"_L1].toString(),
                 QString::fromLatin1(info(Refusal::BadParameters).slug));
        return;
    }
    const auto *offer = std::get_if<SubprotocolOffer>(&read);
    QVERIFY(offer);
    QCOMPARE(offer->isExtended, vector["extended"_L1].toBool());
    QCOMPARE(offer->resume.has_value(), vector.contains("resume"_L1));
    if (offer->resume)
        QVERIFY(*offer->resume == toOffer(vector["resume"_L1].toObject()));
}

void tst_Subprotocol::whatIsWrittenIsRead()
{
    const ResumeOffer offer{std::string(43, 'x'), {0x0123456789abcdef, 17, HighestNumber}};
    const auto read =
        parseSubprotocols(std::string(ExtendedSubprotocol) + ", " + resumeSubprotocol(offer));
    QVERIFY(std::get<SubprotocolOffer>(read).resume == offer);
}

void tst_Subprotocol::whatIsWrittenStandsInTheVectors()
{
    QFETCH(const QJsonObject, vector);
    if (!vector.contains("resume"_L1))
        return;
    const std::string name = resumeSubprotocol(toOffer(vector["resume"_L1].toObject()));
    QVERIFY2(vector["value"_L1].toString().contains(QString::fromStdString(name)), name.c_str());
}

QTEST_APPLESS_MAIN(tst_Subprotocol)
#include "tst_subprotocol.moc"
