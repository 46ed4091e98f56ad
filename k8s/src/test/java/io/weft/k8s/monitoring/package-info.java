/** Rules and dashboards, tried by a real Prometheus on a running mesh. */
package io.weft.k8s.monitoring;
