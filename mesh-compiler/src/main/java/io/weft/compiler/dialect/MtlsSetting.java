package io.weft.compiler.dialect;

import io.weft.model.Origin;
import io.weft.model.listener.MtlsMode;

/** A port's mode and what set it. */
public record MtlsSetting(MtlsMode mode, Origin origin) {}
