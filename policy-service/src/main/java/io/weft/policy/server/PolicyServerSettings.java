package io.weft.policy.server;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.weft.policy.ca.CaSettings;
import io.weft.policy.control.ControlSettings;
import io.weft.policy.control.ServiceRegistry;
import io.weft.policy.federation.ForeignDomain;
import io.weft.policy.join.ReusableToken;
import io.weft.policy.join.WorkloadAttestor;
import io.weft.policy.jwks.JwksFetcher;
import io.weft.policy.jwks.JwksSettings;
import io.weft.policy.secrets.CertificateStore;
import io.weft.policy.secrets.InMemoryCertificates;
import io.weft.policy.source.PolicySource;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** How a {@link PolicyServer} is set up. Everything but the state directory has a default. */
public final class PolicyServerSettings {

    private final Path stateDirectory;
    private CaSettings authority = CaSettings.forTrustDomain("cluster.local");
    private ControlSettings control = ControlSettings.of("cluster.local", "istio-system");
    private JwksSettings keySets = JwksSettings.DEFAULT;
    private @Nullable JwksFetcher keySetFetcher;
    private PolicySource source = PolicySource.none();
    private CertificateStore certificates = new InMemoryCertificates();
    private final List<WorkloadAttestor> attestors = new ArrayList<>();
    private final List<ServiceRegistry> registries = new ArrayList<>();
    private List<ReusableToken> reusableTokens = List.of();
    private List<ForeignDomain> foreignDomains = List.of();
    private @Nullable SSLContext foreignTls;
    private InetAddress address = InetAddress.getLoopbackAddress();
    private int joinPort;
    private int meshPort;
    private List<String> advertised = List.of();
    private InstantSource clock = InstantSource.system();
    private MeterRegistry meters = new SimpleMeterRegistry();

    private PolicyServerSettings(Path stateDirectory) {
        this.stateDirectory = stateDirectory;
    }

    /**
     * Defaults: loopback, free ports, trust domain cluster.local, no source.
     *
     * @param stateDirectory for the keys of the authority and what a restart needs; made when
     *     missing
     */
    public static PolicyServerSettings in(Path stateDirectory) {
        return new PolicyServerSettings(stateDirectory);
    }

    /**
     * Sets the trust domain and the root namespace with the defaults for all that depends on them.
     */
    public PolicyServerSettings mesh(String trustDomain, String rootNamespace) {
        authority = CaSettings.forTrustDomain(trustDomain);
        control = ControlSettings.of(trustDomain, rootNamespace);
        return this;
    }

    /** How certificates are issued. */
    public PolicyServerSettings authority(CaSettings value) {
        authority = value;
        return this;
    }

    /** How configuration is compiled and sent. */
    public PolicyServerSettings control(ControlSettings value) {
        control = value;
        return this;
    }

    /** How key sets are fetched. */
    public PolicyServerSettings keySets(JwksSettings value) {
        keySets = value;
        return this;
    }

    /** Fetches key sets in another way than over HTTP. */
    public PolicyServerSettings keySetFetcher(JwksFetcher value) {
        keySetFetcher = value;
        return this;
    }

    /** Where policies come from. */
    public PolicyServerSettings source(PolicySource value) {
        source = value;
        return this;
    }

    /** Credentials of gateways; the server closes it. */
    public PolicyServerSettings certificates(CertificateStore value) {
        certificates = value;
        return this;
    }

    /** A further proof of identity, asked before the join tokens. */
    public PolicyServerSettings attestor(WorkloadAttestor value) {
        attestors.add(value);
        return this;
    }

    /**
     * Another registry of services, asked before the doors open; the server starts and closes it.
     */
    public PolicyServerSettings registry(ServiceRegistry value) {
        registries.add(value);
        return this;
    }

    /** Tokens for development. */
    public PolicyServerSettings reusableTokens(List<ReusableToken> value) {
        reusableTokens = List.copyOf(value);
        return this;
    }

    /** Other trust domains whose workloads ours may meet. */
    public PolicyServerSettings foreignDomains(List<ForeignDomain> value) {
        foreignDomains = List.copyOf(value);
        return this;
    }

    /** What vouches for bundle endpoints with web certificates; by default the platform's roots. */
    public PolicyServerSettings foreignTls(SSLContext value) {
        foreignTls = value;
        return this;
    }

    /** Where the two doors listen; port 0 is a free one. */
    public PolicyServerSettings listen(InetAddress value, int join, int mesh) {
        address = value;
        joinPort = join;
        meshPort = mesh;
        return this;
    }

    /**
     * {@code host:port} of the mesh door as workloads shall use it; by default where it listens.
     */
    public PolicyServerSettings advertised(List<String> value) {
        advertised = List.copyOf(value);
        return this;
    }

    /** The time for certificates, tokens and key sets ({@code meshClock::now}, say). */
    public PolicyServerSettings clock(InstantSource value) {
        clock = value;
        return this;
    }

    /** Where metrics go. */
    public PolicyServerSettings meters(MeterRegistry value) {
        meters = value;
        return this;
    }

    Path stateDirectory() {
        return stateDirectory;
    }

    CaSettings authority() {
        return authority;
    }

    ControlSettings control() {
        return control;
    }

    JwksSettings keySets() {
        return keySets;
    }

    @Nullable JwksFetcher keySetFetcher() {
        return keySetFetcher;
    }

    PolicySource source() {
        return source;
    }

    CertificateStore certificates() {
        return certificates;
    }

    List<WorkloadAttestor> attestors() {
        return List.copyOf(attestors);
    }

    List<ServiceRegistry> registries() {
        return List.copyOf(registries);
    }

    List<ReusableToken> reusableTokens() {
        return reusableTokens;
    }

    List<ForeignDomain> foreignDomains() {
        return foreignDomains;
    }

    SSLContext foreignTls() {
        SSLContext given = foreignTls;
        try {
            return given == null ? SSLContext.getDefault() : given;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has TLS", e);
        }
    }

    InetAddress address() {
        return address;
    }

    int joinPort() {
        return joinPort;
    }

    int meshPort() {
        return meshPort;
    }

    List<String> advertised() {
        return advertised;
    }

    InstantSource clock() {
        return clock;
    }

    MeterRegistry meters() {
        return meters;
    }
}
