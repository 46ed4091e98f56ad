package io.weft.policy.join;

import io.weft.model.SpiffeId;
import io.weft.model.wire.JoinRequest;

/** Checks one kind of proof of identity. Thread-safe; may block. */
public interface WorkloadAttestor {

    /** Whether the request carries this kind of proof; says nothing of its validity. */
    boolean handles(JoinRequest request);

    /**
     * Checks the proof.
     *
     * @throws JoinRefused when it does not prove the identity that the request claims
     */
    Proof attest(JoinRequest request) throws JoinRefused;

    /** A proof that holds so far. */
    interface Proof {

        SpiffeId identity();

        /** For the audit log: the kind and the id of the proof, no secret. */
        String describe();

        /**
         * Uses the proof up, durably, when it is of the kind that can be used once.
         *
         * @throws JoinRefused when another request was faster
         */
        void redeem() throws JoinRefused;
    }
}
