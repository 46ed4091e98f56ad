package io.weft.engine.balance;

import java.util.Arrays;
import java.util.Comparator;

/**
 * Maglev hashing (Eisenbud et al., NSDI 2016): a table that endpoints fill in turn, each in an
 * order of its own; heavier ones take more turns. Quicker than a ring, a little less stable.
 */
final class MaglevTable implements Chooser {

    /** A prime far above the number of endpoints; Envoy's default. */
    static final int SIZE = 65_537;

    private final Member[] table;

    private MaglevTable(Member[] table) {
        this.table = table;
    }

    static MaglevTable of(Member[] members) {
        // The order of the endpoints in the configuration must not matter.
        Member[] ordered = members.clone();
        Arrays.sort(ordered, Comparator.comparing(Hashing::name));
        long heaviest =
                Arrays.stream(ordered).mapToLong(m -> m.endpoint().weight()).max().orElse(1);
        int[] next = new int[ordered.length];
        int[] skip = new int[ordered.length];
        double[] turns = new double[ordered.length];
        for (int i = 0; i < ordered.length; i++) {
            String name = Hashing.name(ordered[i]);
            next[i] = (int) Long.remainderUnsigned(Hash.of(name, 1), SIZE);
            skip[i] = (int) Long.remainderUnsigned(Hash.of(name, 2), SIZE - 1) + 1;
        }
        Member[] table = new Member[SIZE];
        int filled = 0;
        while (filled < SIZE) {
            for (int i = 0; i < ordered.length && filled < SIZE; i++) {
                turns[i] += (double) ordered[i].endpoint().weight() / heaviest;
                if (turns[i] < 1) {
                    continue;
                }
                turns[i]--;
                while (table[next[i]] != null) {
                    next[i] = (next[i] + skip[i]) % SIZE;
                }
                table[next[i]] = ordered[i];
                filled++;
            }
        }
        return new MaglevTable(table);
    }

    @Override
    public Member choose(long hash) {
        return table[(int) Long.remainderUnsigned(hash, SIZE)];
    }
}
