#include <cmath>
#include <cstdio>

int main() {
    int m;
    if (scanf("%d", &m) != 1) return 1;
    while (m--) {
        double r, t, k;
        if (scanf("%lf %lf %lf", &r, &t, &k) != 3) return 1;
        printf("%.10e\n", acos(-1.0) * k * (2 * r + (k - 1) * t) / 1000);
    }
}
