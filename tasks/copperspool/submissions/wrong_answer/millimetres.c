#include <stdio.h>

int main(void) {
    int m;
    if (scanf("%d", &m) != 1) return 1;
    while (m--) {
        double r, t, k;
        if (scanf("%lf %lf %lf", &r, &t, &k) != 3) return 1;
        printf("%f\n", 3.14159265358979 * k * (2 * r + (k - 1) * t));
    }
    return 0;
}
