#include <stdio.h>

int main(void) {
    int n, d;
    volatile int *nothing = 0;
    if (scanf("%d %d", &n, &d) == 2) *nothing = n;
    return 0;
}
