package io.weft.dataplane.extauthz;

import io.netty.handler.codec.http.HttpRequest;
import io.weft.dataplane.upstream.BufferedCall;

/** A check on its way: what is sent, and how its answer is read. */
interface Check {

    HttpRequest head();

    byte[] body();

    CheckAnswer read(BufferedCall.Result.Answered answer);
}
