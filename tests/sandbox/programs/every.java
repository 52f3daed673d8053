// Does what the first word of its input says: each way to meet a limit.
import java.util.ArrayList;
import java.util.List;
import java.util.Scanner;

class Every {
    static long deep(long n) {
        return n > 0 ? 1 + deep(n - 1) : 0;
    }

    static void rest() {
        try {
            Thread.sleep(60_000);
        } catch (InterruptedException ignored) {
            Thread.currentThread().interrupt();
        }
    }

    static int threads() {
        int started = 0;
        try {
            for (; started < 400; started++) {
                Thread thread = new Thread(null, Every::rest, "rest", 1 << 16);
                thread.setDaemon(true);
                thread.start();
            }
        } catch (OutOfMemoryError refused) {
            return started;
        }
        return started;
    }

    public static void main(String[] arguments) throws Exception {
        Scanner input = new Scanner(System.in);
        switch (input.next()) {
            case "sum" -> System.out.println(input.nextLong() + input.nextLong());
            case "spin" -> { for (long n = 0;; n++) if (n < 0) return; }
            case "sleep" -> { while (true) rest(); }
            case "memory" -> { List<byte[]> held = new ArrayList<>(); while (true) held.add(new byte[1 << 20]); }
            case "output" -> { while (true) System.out.println("again and again and again"); }
            case "deep" -> System.out.println(deep(100_000));
            case "exit" -> System.exit(7);
            case "signal" -> { new ProcessBuilder("sh", "-c", "kill -9 $PPID").start(); rest(); }
            case "processes" -> { System.out.println(threads()); System.exit(0); }
            default -> System.exit(1);
        }
    }
}
