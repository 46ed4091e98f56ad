package io.weft.compiler.dialect.consul;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.dialect.MtlsSetting;
import io.weft.compiler.yaml.Field;
import io.weft.model.listener.MtlsMode;
import org.jspecify.annotations.Nullable;

/** {@code mutualTLSMode} of ServiceDefaults and ProxyDefaults. */
final class MutualTls {

    private MutualTls() {}

    /**
     * Null where nothing is said.
     *
     * @param permissiveAllowed whether the Mesh entry allows plain text
     */
    static @Nullable MtlsSetting read(Field field, boolean permissiveAllowed) {
        String mode = field.text("");
        return switch (mode) {
            case "" -> null;
            case "strict" -> new MtlsSetting(MtlsMode.STRICT, field.origin());
            case "permissive" -> {
                if (!permissiveAllowed) {
                    field.error(
                            Code.CONTRADICTION,
                            "permissive without allowEnablingPermissiveMutualTLS in Mesh",
                            "set spec.allowEnablingPermissiveMutualTLS: true in the Mesh named mesh");
                }
                yield new MtlsSetting(MtlsMode.PERMISSIVE, field.origin());
            }
            default -> {
                field.reportValue(mode, "strict, permissive");
                yield new MtlsSetting(MtlsMode.STRICT, field.origin());
            }
        };
    }
}
