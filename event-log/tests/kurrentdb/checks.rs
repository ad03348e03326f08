//! Each check of the cluster: the switch that trips it, and the refusal that names it.

use event_log::{
    backend::Backend,
    kurrent::{Expected, Kurrent, Operator, Refusal, refusal::OpenError},
};
use kurrentdb_double::Double;
use serde_json::json;

use crate::world::{World, append, child, expected, fill};

/// What opening says once something has been switched.
async fn refused(switch: impl FnOnce(&Double)) -> Refusal {
    let world = World::new(Double::start());
    switch(&world.double);
    match world.open().await {
        Err(OpenError::Refused(refusal)) => refusal,
        Err(other) => panic!("{other:?}"),
        Ok(_) => panic!("it was opened"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_set_up_as_it_should_be_is_opened() {
    World::new(Double::start()).open().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn versions_below_the_floor_are_refused_and_those_on_it_are_not() {
    for old in ["24.10.4", "25.0.0", "23.10.9"] {
        let refusal = refused(|double| old.clone_into(&mut double.options().version)).await;
        assert!(matches!(&refusal, Refusal::Version(found) if found == old), "{refusal}");
    }
    for new in ["24.10.5", "25.0.1", "26.0.0"] {
        let world = World::new(Double::start());
        new.clone_into(&mut world.double.options().version);
        world.open().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_is_missing_is_refused() {
    let world = World::new(Double::start());
    let mut settings = world.settings();
    settings.expected = Some(Expected { nodes: 3, ..expected() });
    let refusal = Kurrent::open(&settings).await.unwrap_err();
    assert!(
        matches!(
            refusal,
            OpenError::Refused(Refusal::Members { alive: 1, leaders: 1, expected: 3 })
        ),
        "{refusal:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn each_setting_that_puts_the_trail_at_risk_is_refused() {
    let bad = [
        ("UnsafeDisableFlushToDisk", "True"),
        ("UnsafeIgnoreHardDelete", "true"),
        ("MemDb", "True"),
        ("Insecure", "True"),
        ("DisableTls", "True"),
        ("AllowAnonymousEndpointAccess", "True"),
        ("AllowAnonymousStreamAccess", "True"),
        ("SkipDbVerify", "True"),
        ("EnableUnixSocket", "True"),
        ("AutoScavenge:Enabled", "True"),
        ("Archive:Enabled", "True"),
        ("RunProjections", "All"),
    ];
    for (flag, value) in bad {
        let switch = |double: &Double| {
            double.options().flags.insert(flag, value.to_owned());
        };
        let said = refused(switch).await.to_string();
        assert!(said.contains(&format!("{flag}={value}")), "{said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn scavenges_are_refused_running_planned_or_made_until_they_are_approved() {
    let running = refused(|double| double.options().scavenging = true).await;
    assert!(matches!(running, Refusal::Scavenging), "{running}");
    let planned = refused(|double| double.options().auto_scavenge = true).await;
    assert!(matches!(planned, Refusal::AutoScavenge), "{planned}");

    let world = World::new(Double::start());
    let log = world.open().await.unwrap();
    world.double.write("$scavenges", "$scavengeStarted", &json!({"node": "1"}));
    let made = log.check(&expected()).await.unwrap_err();
    assert!(matches!(made, Refusal::Scavenged { found: 1, known: 0 }), "{made}");
    let said = crate::world::said(log.append(append(child(1), None, 1, "{}")).await);
    assert!(said.contains("nothing is written since a check of the cluster failed"), "{said}");
    let approved = Expected { scavenges_approved: true, ..expected() };
    log.check(&approved).await.unwrap();
    log.append(append(child(1), None, 1, "{}")).await.unwrap();
    log.check(&expected()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn default_passwords_and_anonymous_reads_are_refused() {
    for login in ["admin", "ops"] {
        let switch = |double: &Double| double.access().user(login, "changeit", &["$admins"]);
        let world = World::new(Double::start());
        switch(&world.double);
        let mut settings = world.settings();
        settings.expected = Some(Expected { operator: None, ..expected() });
        let refusal = Kurrent::open(&settings).await.unwrap_err();
        assert!(
            matches!(refusal, OpenError::Refused(Refusal::DefaultPassword(found)) if found == login),
            "{refusal:?}"
        );
    }
    let refusal = refused(|double| {
        let list = json!({"$acl": {"$r": ["$all"]}});
        double.write("$$cp-genesis", "$metadata", &list);
        double.access().anonymous = true;
    })
    .await;
    assert!(matches!(refusal, Refusal::Anonymous), "{refusal}");
}

#[tokio::test(flavor = "multi_thread")]
async fn rights_that_are_too_wide_are_refused() {
    let groups = ["$admins", "audit-writer", "audit-reader"];
    let refusal = refused(|double| double.access().user("contactpoint", "double", &groups)).await;
    assert!(matches!(refusal, Refusal::MayWrite("$settings")), "{refusal}");

    let list = |rights: serde_json::Value| json!({"$userStreamAcl": rights});
    let wide = json!({"$w": ["audit-writer"], "$r": ["audit-reader"], "$d": ["audit-writer"], "$mw": [],
        "$mr": ["audit-reader"]});
    let refusal = refused(|double| double.write("$settings", "update", &list(wide))).await;
    assert!(matches!(refusal, Refusal::Granted { member: "$d", .. }), "{refusal}");

    let open = json!({"$w": ["audit-writer"], "$r": ["$all"], "$d": [], "$mw": [], "$mr": []});
    let refusal = refused(|double| double.write("$settings", "update", &list(open))).await;
    assert!(matches!(refusal, Refusal::NoAccessList), "{refusal}");

    let metadata = json!({"$w": ["audit-writer"], "$r": ["audit-reader"], "$d": [],
        "$mw": ["audit-writer"], "$mr": ["audit-reader"]});
    let refusal = refused(|double| double.write("$settings", "update", &list(metadata))).await;
    assert!(matches!(refusal, Refusal::MayWrite("$$cp-probe")), "{refusal}");
}

#[tokio::test(flavor = "multi_thread")]
async fn clocks_that_differ_and_logins_that_are_wrong_are_refused() {
    let refusal = refused(|double| double.options().clock_ahead_seconds = 120).await;
    assert!(matches!(refusal, Refusal::Clock(110..=130)), "{refusal}");

    let world = World::new(Double::start());
    let mut settings = world.settings();
    let operator = Operator::parse("ops:wrong");
    settings.expected = Some(Expected { operator, ..expected() });
    let refusal = Kurrent::open(&settings).await.unwrap_err();
    assert!(matches!(refusal, OpenError::Refused(Refusal::Operator(_))), "{refusal:?}");

    let mut settings = world.settings();
    settings.connection = world.double.connection_as("contactpoint", "wrong");
    let refusal = Kurrent::open(&settings).await.unwrap_err();
    assert!(matches!(refusal, OpenError::Denied), "{refusal:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn old_events_are_read_again_at_every_check() {
    let world = World::new(Double::start());
    let log = world.open().await.unwrap();
    fill(&log).await;
    log.check(&expected()).await.unwrap();
    for event in world.double.log().everything() {
        if event.stream.starts_with("cp-child-") {
            world.double.log().tamper(event.position, |event| event.event.data.fill(0xff));
        }
    }
    let refusal = log.check(&expected()).await.unwrap_err();
    assert!(matches!(refusal, Refusal::Read(_)), "{refusal}");
    log.append(append(child(9), None, 9, "{}")).await.unwrap_err();
}
