#include <iostream>
#include <string>

int main() {
    int low = 1, high;
    std::cin >> high;
    while (low < high) {
        const int middle = (low + high) / 2;
        std::cout << "? " << middle << std::endl;
        std::string answer;
        std::cin >> answer;
        if (answer == "dead") high = middle;
        else low = middle + 1;
    }
    std::cout << "! " << low << std::endl;
}
