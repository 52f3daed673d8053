// Accepts any seat plan without two neighbours of one delegation.
// Called with: input, answer, feedback folder; the plan comes on stdin.
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

int main(int argc, char** argv) {
    if (argc < 4) return 1;
    std::ifstream input(argv[1]), answer(argv[2]);
    std::ofstream message(std::string(argv[3]) + "judgemessage.txt");
    auto wrong = [&](const std::string& why) {
        message << why << "\n";
        return 43;
    };
    int n = 0;
    if (!(input >> n)) return 1;
    std::vector<int> team(n + 1);
    for (int i = 1; i <= n; ++i) input >> team[i];
    std::string first, word;
    if (!(answer >> first)) return 1;
    const bool possible = first != "impossible";
    if (!(std::cin >> word)) return wrong("no output");
    if (word == "impossible") {
        if (possible) return wrong("there is a plan");
        return std::cin >> word ? wrong("trailing output") : 42;
    }
    std::vector<bool> seated(n + 1);
    int before = 0;
    for (int place = 1; place <= n; ++place) {
        if (place > 1 && !(std::cin >> word)) return wrong("too few competitors");
        int who = 0;
        if (word.size() > 9 || word.find_first_not_of("0123456789") != std::string::npos)
            return wrong("place " + std::to_string(place) + " is not a number");
        who = std::stoi(word);
        if (who < 1 || who > n) return wrong("nobody has the number " + word);
        if (seated[who]) return wrong("competitor " + word + " sits twice");
        if (before && team[before] == team[who])
            return wrong("neighbours of one delegation at place " + std::to_string(place));
        seated[who] = true;
        before = who;
    }
    if (std::cin >> word) return wrong("trailing output");
    if (!possible) {  // the judges' answer would be wrong
        message << "the plan is right, but the answer file says impossible\n";
        return 1;
    }
    return 42;
}
