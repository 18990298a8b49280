// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/qdatetime.h>
#include <QtCore/qjsonobject.h>
#include <QtCore/qlist.h>
#include <QtCore/qmap.h>
#include <QtCore/qpoint.h>
#include <QtCore/qurl.h>
#include <QtCore/quuid.h>
#include <QtCore/qvariant.h>

#include <optional>
#include <stdexcept>

/// Converts itself.
struct Colour {
    QString name;

    static std::optional<Colour> fromJson(const QJsonValue &json)
    {
        if (!json.isString())
            return std::nullopt;
        return Colour{json.toString()};
    }
    QJsonValue toJson() const { return name; }
    bool operator==(const Colour &) const = default;
};

/// Converts itself, from an object, and throws.
struct Said {
    QString author, body;

    static Said fromJson(const QJsonObject &json)
    {
        if (!json.contains(QLatin1String("author")))
            throw std::runtime_error("nobody said it");
        return {json[QLatin1String("author")].toString(), json[QLatin1String("body")].toString()};
    }
    QJsonObject toJson() const
    {
        return {{QStringLiteral("author"), author}, {QStringLiteral("body"), body}};
    }
};

class Place {
    Q_GADGET
    Q_PROPERTY(double x MEMBER x REQUIRED)
    Q_PROPERTY(double y MEMBER y REQUIRED)

public:
    double x = 0;
    double y = 0;

    bool operator==(const Place &) const = default;
};

class Player {
    Q_GADGET
    Q_PROPERTY(QString name MEMBER name REQUIRED)
    Q_PROPERTY(Team team MEMBER team)
    Q_PROPERTY(Skills skills READ ableTo WRITE setAbleTo)
    Q_PROPERTY(quint8 level MEMBER level)
    Q_PROPERTY(qint64 score MEMBER score)
    Q_PROPERTY(Place place MEMBER place)
    Q_PROPERTY(QList<Place> path MEMBER path)
    Q_PROPERTY(QMap<QString, int> bag MEMBER bag)
    Q_PROPERTY(std::optional<int> rank MEMBER rank)
    Q_PROPERTY(std::optional<Place> home MEMBER home)
    Q_PROPERTY(Colour colour MEMBER colour)
    Q_PROPERTY(QList<Colour> palette MEMBER palette)
    Q_PROPERTY(QStringList tags MEMBER tags)
    Q_PROPERTY(QDateTime since MEMBER since)
    Q_PROPERTY(QVariant anything MEMBER anything)
    Q_PROPERTY(int nameLength READ nameLength)

public:
    enum class Team : quint8 { Nobody, Red, Blue = 7 };
    Q_ENUM(Team)
    enum Skill { Runs = 1, Jumps = 2 };
    Q_DECLARE_FLAGS(Skills, Skill)
    Q_FLAG(Skills)

    int nameLength() const { return int(name.size()); }
    Skills ableTo() const { return skills; }
    void setAbleTo(Skills able) { skills = able; }

    QString name;
    Team team = Team::Nobody;
    Skills skills;
    quint8 level = 1;
    qint64 score = 0;
    Place place;
    QList<Place> path;
    QMap<QString, int> bag;
    std::optional<int> rank;
    std::optional<Place> home;
    Colour colour;
    QList<Colour> palette;
    QStringList tags;
    QDateTime since;
    QVariant anything;
};

class Opaque {
    Q_GADGET
    Q_PROPERTY(QPoint point MEMBER point)

public:
    QPoint point;
};

class Reading {
    Q_GADGET
    Q_PROPERTY(float value MEMBER value)

public:
    float value = 0;
};

class Link {
    Q_GADGET
    Q_PROPERTY(QUuid id MEMBER id)
    Q_PROPERTY(QUrl url MEMBER url)

public:
    QUuid id;
    QUrl url;
};

class Measure {
    Q_GADGET
    Q_PROPERTY(double value MEMBER value)

public:
    double value = 0;
};
