// Does what the first word of its input says: each way to meet a limit.
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

static long deep(long n) { volatile char here[64]; here[0] = 1; return n ? here[0] + deep(n - 1) : 0; }

static void rest() { std::this_thread::sleep_for(std::chrono::seconds(60)); }

int main() {
    std::string word;
    std::cin >> word;
    if (word == "sum") { long a, b; std::cin >> a >> b; std::cout << a + b << std::endl; }
    if (word == "spin") for (volatile long n = 0;; n = n + 1) { }
    if (word == "sleep") for (;;) rest();
    if (word == "memory") { std::vector<std::vector<char>> held; for (;;) held.emplace_back(1 << 20, 'x'); }
    if (word == "output") for (;;) std::cout << "again and again and again\n";
    if (word == "deep") std::cout << deep(500000) << std::endl;
    if (word == "exit") return 7;
    if (word == "signal") std::raise(SIGSEGV);
    if (word == "processes") {
        int started = 0;
        try {
            for (; started < 400; started++) std::thread(rest).detach();
        } catch (const std::system_error&) { }
        std::cout << started << std::endl;
        std::_Exit(0);
    }
}
