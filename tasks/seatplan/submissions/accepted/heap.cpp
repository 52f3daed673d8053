#include <iostream>
#include <queue>
#include <vector>

int main() {
    int n;
    std::cin >> n;
    std::vector<std::vector<int>> members(n + 1);
    for (int i = 1; i <= n; ++i) {
        int team;
        std::cin >> team;
        members[team].push_back(i);
    }
    std::priority_queue<std::pair<size_t, int>> waiting;
    for (int team = 1; team <= n; ++team)
        if (!members[team].empty()) waiting.push({members[team].size(), team});
    std::vector<int> plan;
    std::pair<size_t, int> held{0, 0};
    while (!waiting.empty()) {
        auto [size, team] = waiting.top();
        waiting.pop();
        plan.push_back(members[team].back());
        members[team].pop_back();
        if (held.first) waiting.push(held);
        held = {size - 1, team};
    }
    if (held.first) {
        std::cout << "impossible\n";
        return 0;
    }
    for (int who : plan) std::cout << who << ' ';
    std::cout << '\n';
}
