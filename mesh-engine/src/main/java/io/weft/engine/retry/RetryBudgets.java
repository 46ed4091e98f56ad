package io.weft.engine.retry;

import io.weft.engine.MeshClock;
import io.weft.model.route.RetryBudget;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** The budgets of a data plane, which outlive its configurations. Thread-safe. */
public final class RetryBudgets {

    private final MeshClock clock;
    private final ConcurrentMap<RetryBudget, RetryBudgetState> states = new ConcurrentHashMap<>();

    public RetryBudgets(MeshClock clock) {
        this.clock = clock;
    }

    /** The state of a budget; equal key and numbers are the same state. */
    public RetryBudgetState state(RetryBudget budget) {
        return states.computeIfAbsent(budget, b -> new RetryBudgetState(b, clock));
    }

    /** Forgets all others; call it after a configuration has been replaced. */
    public void retain(Set<RetryBudget> budgets) {
        states.keySet().retainAll(budgets);
    }
}
