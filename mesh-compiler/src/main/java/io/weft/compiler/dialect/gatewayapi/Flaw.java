package io.weft.compiler.dialect.gatewayapi;

/**
 * Why a condition does not hold.
 *
 * @param condition the condition's type
 * @param reason the API's word for it
 */
record Flaw(String condition, String reason, String message) {}
