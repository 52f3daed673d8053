#include <algorithm>
#include <iostream>
#include <queue>
#include <vector>

int main() {
    int n;
    std::cin >> n;
    std::vector<std::pair<long long, long long>> orders(n);
    for (auto& [latest, minutes] : orders) std::cin >> minutes >> latest;
    std::sort(orders.begin(), orders.end());
    std::priority_queue<long long> baked;
    long long spent = 0;
    for (auto [latest, minutes] : orders) {
        baked.push(minutes);
        spent += minutes;
        if (spent > latest) {
            spent -= baked.top();
            baked.pop();
        }
    }
    std::cout << baked.size() << "\n";
}
