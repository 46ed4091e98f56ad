package io.weft.config;

import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalysisReporter;

/**
 * Says in one line on standard error why the service does not start; Boot's own page of text is
 * switched off.
 */
final class OneLineFailureReporter implements FailureAnalysisReporter {

    @Override
    public void report(FailureAnalysis analysis) {
        String action = analysis.getAction() == null ? "" : " " + analysis.getAction();
        String line = (analysis.getDescription() + action).replaceAll("\\s+", " ").strip();
        System.err.println("config-service: cannot start: " + line);
    }
}
