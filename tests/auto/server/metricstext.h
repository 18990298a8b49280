// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/qhash.h>
#include <QtCore/qmap.h>
#include <QtCore/qstringlist.h>

/// Reads Prometheus' text format, and finds fault with all that its readers would, and with names
/// that its conventions forbid.
class MetricsText {
public:
    using Labels = QMap<QString, QString>;
    struct Sample {
        QString name;
        Labels labels;
        double value = 0;
    };
    struct Family {
        QString name;
        QString type;
        QString help;
        QList<Sample> samples;
    };

    explicit MetricsText(const QByteArray &text);

    /// What is wrong with the text, with the number of the line; empty if nothing is.
    const QStringList &problems() const { return m_problems; }
    const QList<Family> &families() const { return m_families; }
    /// The value of a sample; NaN if it is not there.
    double value(const QString &name, const Labels &labels = {}) const;
    /// What the manual has to say of them: a row of a table for each family.
    QStringList manualRows() const;

private:
    void readLine(const QString &line);
    void readHelp(const QString &rest);
    void readType(const QString &rest);
    void readSample(const QString &line);
    void checkHistogram(const Family &family);
    void complain(const QString &what);

    QList<Family> m_families;
    QStringList m_problems;
    int m_line = 0;
};

/// The rows on metrics in the page \a file of the manual; empty if it can't be read.
QStringList metricsInManual(const QString &file);
