package io.weft.compiler.dialect.consul.chain;

/**
 * For what a chain is compiled.
 *
 * @param overrideProtocol what the caller speaks whatever the entries say; empty for none
 * @param undeclaredFits whether a service that declares no protocol speaks whatever the chain
 *     needs; else it speaks tcp, as Consul has it
 */
public record ChainRequest(
        ServiceName service,
        String datacenter,
        String trustDomain,
        String overrideProtocol,
        boolean undeclaredFits) {}
