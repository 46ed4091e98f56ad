package io.weft.compiler.policytest;

import io.weft.model.Origin;

/**
 * One request and what must become of it.
 *
 * @param origin the line of the case
 */
public record PolicyTestCase(
        String name, TestCaller from, TestRequest request, TestExpectation expect, Origin origin) {}
