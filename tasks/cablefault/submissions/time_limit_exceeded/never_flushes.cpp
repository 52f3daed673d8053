// Waits for answers to questions that it keeps to itself.
#include <iostream>
#include <string>

int main() {
    int n;
    std::string answer;
    std::cin.tie(nullptr);
    std::cin >> n;
    std::cout << "? " << n << "\n";
    std::cin >> answer;
    std::cout << "! " << n << "\n";
}
