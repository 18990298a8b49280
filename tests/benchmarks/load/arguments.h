// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <cstdlib>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace Load {

/// "--name value" pairs.
class Arguments {
public:
    Arguments(int argc, char **argv, int first)
    {
        for (int i = first; i < argc; i += 2) {
            const std::string name = argv[i];
            if (name.rfind("--", 0) != 0 || i + 1 == argc)
                throw std::runtime_error("expected --name value, not '" + name + "'");
            m_values[name.substr(2)] = argv[i + 1];
        }
    }

    std::string text(const std::string &name) const
    {
        const auto it = m_values.find(name);
        if (it == m_values.end())
            throw std::runtime_error("--" + name + " is missing");
        return it->second;
    }
    double number(const std::string &name, double otherwise) const
    {
        const auto it = m_values.find(name);
        return it == m_values.end() ? otherwise : std::stod(it->second);
    }
    /// Whole numbers with commas between them.
    std::vector<int> integers(const std::string &name) const
    {
        std::vector<int> values;
        std::istringstream stream(text(name));
        for (std::string one; std::getline(stream, one, ',');)
            values.push_back(std::stoi(one));
        return values;
    }
    int integer(const std::string &name, int otherwise) const
    {
        return int(number(name, otherwise));
    }

private:
    std::map<std::string, std::string> m_values;
};

} // namespace Load
