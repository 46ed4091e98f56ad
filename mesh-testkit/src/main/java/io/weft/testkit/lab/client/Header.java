package io.weft.testkit.lab.client;

/** A header or trailer as it stands on the wire. */
public record Header(String name, String value) {}
