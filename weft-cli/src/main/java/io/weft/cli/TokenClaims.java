package io.weft.cli;

import io.weft.cli.shell.CommandProblem;
import io.weft.cli.shell.ExitCodes;
import io.weft.engine.VerifiedToken;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Reads a token's claims without verifying them, for a question of the form "what if". */
final class TokenClaims {

    private TokenClaims() {}

    static VerifiedToken of(String token) {
        String[] parts = token.split("\\.", -1);
        if (parts.length != 3) {
            throw new CommandProblem(
                    ExitCodes.BAD_DATA,
                    "--token: not a signed JWT (expected: three parts with dots between)");
        }
        try {
            String json =
                    new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
            Map<String, Object> claims = new TreeMap<>();
            JsonMapper.shared()
                    .readValue(json, Map.class)
                    .forEach((name, value) -> {
                        if (value != null) {
                            claims.put(String.valueOf(name), value);
                        }
                    });
            return VerifiedToken.of(
                    String.valueOf(claims.getOrDefault("iss", "")),
                    text(claims, "sub"),
                    audiences(claims.get("aud")),
                    text(claims, "azp"),
                    claims);
        } catch (IllegalArgumentException | JacksonException e) {
            throw new CommandProblem(
                    ExitCodes.BAD_DATA, "--token: claims not readable: " + e.getMessage());
        }
    }

    private static @Nullable String text(Map<String, Object> claims, String name) {
        return claims.get(name) instanceof String value ? value : null;
    }

    private static List<String> audiences(@Nullable Object value) {
        List<String> found = new ArrayList<>();
        if (value instanceof List<?> list) {
            list.forEach(each -> found.add(String.valueOf(each)));
        } else if (value != null) {
            found.add(String.valueOf(value));
        }
        return found;
    }
}
