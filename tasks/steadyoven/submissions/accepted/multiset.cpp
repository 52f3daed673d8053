#include <algorithm>
#include <iostream>
#include <set>
#include <vector>

int main() {
    long long n, d;
    std::cin >> n >> d;
    std::vector<long long> values(n);
    for (auto& value : values) std::cin >> value;
    std::multiset<long long> window;
    long long best = 0;
    for (int left = 0, right = 0; right < n; ++right) {
        window.insert(values[right]);
        while (*window.rbegin() - *window.begin() > d) window.erase(window.find(values[left++]));
        best = std::max<long long>(best, right - left + 1);
    }
    std::cout << best << "\n";
}
