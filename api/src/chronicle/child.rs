//! How a child comes to be in the directory.

use std::{collections::BTreeSet, sync::Arc};

use chrono::NaiveDate;
use domain::{
    child::{
        Carer, Child, ChildNumber, DateOfBirth, Detail, Gender, InvolvedService, Name, Provider,
        SensitiveBasis, Whereabouts, amend_record, assign_lead_professional, create_record,
        indicate_common_assessment, record_carer, record_education, record_gp, record_involvement,
        record_sensitive_involvement,
    },
    identity::{CarerId, ChildRef, InvolvementId, OrganisationId},
    organisation::Organisation,
    personal::Personal,
    stream::Stream,
};

use super::{Halt, Line};

/// The facts with which a record begins.
#[derive(Clone, Debug)]
pub(crate) struct Record {
    pub(crate) reference: ChildRef,
    pub(crate) number: ChildNumber,
    pub(crate) name: Name,
    pub(crate) gender: Gender,
    pub(crate) date_of_birth: DateOfBirth,
    pub(crate) whereabouts: Whereabouts,
    pub(crate) authority: OrganisationId,
}

impl Line<'_> {
    /// A record is created. `matches` are the records that it nearly matches. The child must be
    /// known already.
    pub(crate) async fn create(
        &mut self,
        record: &Record,
        matches: &BTreeSet<ChildRef>,
    ) -> Result<(), Halt> {
        let stream = Stream::Child(record.reference);
        let about = (stream, Stream::Organisation(record.authority));
        self.decide(
            stream,
            about,
            |(child, authority): &(Arc<Child>, Arc<Organisation>), policy, caller, at| {
                let command = create_record::CreateRecord {
                    at,
                    number: record.number.clone(),
                    name: record.name.clone(),
                    gender: record.gender,
                    date_of_birth: record.date_of_birth,
                    whereabouts: record.whereabouts.clone(),
                    authority: record.authority,
                    matches: matches.clone(),
                };
                create_record::decide(child, authority, policy, caller, &command)
            },
        )
        .await?;
        Ok(())
    }

    /// A name before the one in use becomes known.
    pub(crate) async fn former_name(&mut self, whose: ChildRef, name: Name) -> Result<(), Halt> {
        let stream = Stream::Child(whose);
        self.decide(stream, stream, |child: &Arc<Child>, policy, caller, at| {
            let detail = Detail::FormerName(Personal::Known(name.clone()));
            let command = amend_record::AmendRecord { at, detail, valid_from: at.date_naive() };
            amend_record::decide(child, policy, caller, &command)
        })
        .await?;
        Ok(())
    }

    /// Somebody has parental responsibility or care.
    pub(crate) async fn carer(
        &mut self,
        of: ChildRef,
        carer: CarerId,
        particulars: &Carer,
    ) -> Result<(), Halt> {
        let stream = Stream::Child(of);
        self.decide(stream, stream, |child: &Arc<Child>, policy, caller, at| {
            let particulars = particulars.clone();
            let command = record_carer::RecordCarer { at, carer, particulars };
            record_carer::decide(child, policy, caller, &command)
        })
        .await?;
        Ok(())
    }

    /// The child goes to a school.
    pub(crate) async fn school(
        &mut self,
        of: ChildRef,
        provider: &Provider,
        from: NaiveDate,
    ) -> Result<(), Halt> {
        let stream = Stream::Child(of);
        self.decide(stream, stream, |child: &Arc<Child>, policy, caller, at| {
            let provider = provider.clone();
            let command = record_education::RecordEducation { at, provider, from };
            record_education::decide(child, policy, caller, &command)
        })
        .await?;
        Ok(())
    }

    /// The child is registered with a practice.
    pub(crate) async fn practice(
        &mut self,
        of: ChildRef,
        provider: &Provider,
        from: NaiveDate,
    ) -> Result<(), Halt> {
        let stream = Stream::Child(of);
        self.decide(stream, stream, |child: &Arc<Child>, policy, caller, at| {
            let command = record_gp::RecordGp { at, provider: provider.clone(), from };
            record_gp::decide(child, policy, caller, &command)
        })
        .await?;
        Ok(())
    }

    /// A service works with the child; a sensitive one says on what basis that is recorded.
    pub(crate) async fn involvement(
        &mut self,
        with: ChildRef,
        involvement: InvolvementId,
        service: &InvolvedService,
        basis: Option<SensitiveBasis>,
        from: NaiveDate,
    ) -> Result<(), Halt> {
        let stream = Stream::Child(with);
        let Some(basis) = basis else {
            self.decide(stream, stream, |child: &Arc<Child>, policy, caller, at| {
                let service = service.clone();
                let command =
                    record_involvement::RecordInvolvement { at, involvement, service, from };
                record_involvement::decide(child, policy, caller, &command)
            })
            .await?;
            return Ok(());
        };
        self.decide(stream, stream, |child: &Arc<Child>, policy, caller, at| {
            let command = record_sensitive_involvement::RecordSensitiveInvolvement {
                at,
                involvement,
                basis,
                service: service.clone(),
                from,
            };
            record_sensitive_involvement::decide(child, policy, caller, &command)
        })
        .await?;
        Ok(())
    }

    /// One of those involved becomes lead professional.
    pub(crate) async fn lead(
        &mut self,
        of: ChildRef,
        involvement: InvolvementId,
    ) -> Result<(), Halt> {
        let stream = Stream::Child(of);
        self.decide(stream, stream, |child: &Arc<Child>, policy, caller, at| {
            let command = assign_lead_professional::AssignLeadProfessional { at, involvement };
            assign_lead_professional::decide(child, policy, caller, &command)
        })
        .await?;
        Ok(())
    }

    /// A common assessment exists.
    pub(crate) async fn assessed(&mut self, who: ChildRef) -> Result<(), Halt> {
        let stream = Stream::Child(who);
        self.decide(stream, stream, |child: &Arc<Child>, policy, caller, at| {
            let on = at.date_naive();
            let command = indicate_common_assessment::IndicateCommonAssessment { at, on };
            indicate_common_assessment::decide(child, policy, caller, &command)
        })
        .await?;
        Ok(())
    }
}
